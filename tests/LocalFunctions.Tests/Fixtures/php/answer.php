<?php
function handler($event, $context)
{
    return "first";
}

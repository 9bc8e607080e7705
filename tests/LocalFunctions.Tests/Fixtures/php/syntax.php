<?php
function handler($event, $context)
{
    return = 1;
}

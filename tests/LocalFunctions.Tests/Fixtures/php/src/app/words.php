<?php
const GREETING = 'from below';

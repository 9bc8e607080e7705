<?php
exit('not today');

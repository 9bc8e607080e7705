<?php
// The event says what to do.
$calls = 0;

function handler($event, $context)
{
    global $calls;
    $calls++;
    return ('do_' . $event)($context);
}

function do_count($context)
{
    return (string) $GLOBALS['calls'];
}

function do_bytes($context)
{
    return "\x00\xff\x1e\n";
}

function do_text($context)
{
    return 'grün';
}

function do_number($context)
{
    return 1.5;
}

function do_map($context)
{
    return ['a' => 'ü/', 'b' => [1, null, true]];
}

function do_nothing($context)
{
}

function do_unserializable($context)
{
    return [NAN];
}

function do_half_character($context)
{
    return ["\xff"];
}

function do_context($context)
{
    return [
        'requestId' => $context['requestId'], 'keyId' => $context['credentials']['accessKeyId'],
        'secret' => $context['credentials']['accessKeySecret'], 'token' => $context['credentials']['securityToken'],
        'name' => $context['function']['name'], 'handler' => $context['function']['handler'], 'memory' => $context['function']['memory'],
        'timeout' => $context['function']['timeout'], 'qualifier' => $context['service']['qualifier'], 'versionId' => $context['service']['versionId'],
        'region' => $context['region'], 'accountId' => $context['accountId'], 'own' => getenv('OWN'),
        'secretsOfTheHost' => array_values(array_intersect(['FC_LOCAL_PORT', 'FC_LOCAL_TOKEN'], array_keys(getenv() + $_SERVER + $_ENV))),
    ];
}

function do_throw($context)
{
    return inner();
}

function inner()
{
    throw new UnexpectedValueException('nö " such');
}

function do_exit($context)
{
    exit(3);
}

function do_die($context)
{
    exec('kill -9 ' . getmypid());
}

function do_write($context)
{
    echo "one line\n";
    fwrite(STDERR, "from the right\n");
    echo '{"statusCode":200}';
    return 'answer';
}

function do_garbage($context)
{
    fwrite(STDOUT, "\x00\xff\x1e not-an-id\n{\"outcome\":\"ok\",\"length\":3}\nbad");
    return 'answer';
}

function do_close_streams($context)
{
    fclose(STDOUT);
    fclose(STDERR);
    return 'answer';
}

function do_log($context)
{
    $GLOBALS['fcLogger']->info('informed');
    $GLOBALS['fcLogger']->error('erred');
    error_log('noted');
    return 'answer' . $undefined;
}

function do_buffer($context)
{
    ob_start();
    echo 'never flushed';
    return 'answer';
}

function do_hang($context)
{
    while (true) {
        sleep(60);
    }
}

function do_large($context)
{
    return str_repeat('x', 50 << 20);
}

function do_child($context)
{
    exec('setsid sleep 300 > /dev/null 2>&1 &');
    return 'answer';
}

function do_fork($context)
{
    pcntl_fork();
    return 'answer';
}

function do_out_of_memory($context)
{
    ini_set('memory_limit', '8M');
    $all = [];
    while (true) {
        $all[] = str_repeat('x', 1 << 16) . count($all);
    }
}

function do_redeclare($context)
{
    require __DIR__ . '/redeclare.php';
}

function do_child_and_exit($context)
{
    if (pcntl_fork() === 0) {
        sleep(300);
    }
    exit(3);
}

<?php
// Runs inside the PHP process of a local function: connects to the host and calls the handler as the cloud's runtime does.
namespace Gateway\LocalFunctions;

final class Worker
{
    private const FATAL = E_ERROR | E_PARSE | E_CORE_ERROR | E_COMPILE_ERROR | E_USER_ERROR | E_RECOVERABLE_ERROR;

    /** @var resource */
    private static $connection;

    /** @var resource[] Copies of standard output and error: the handler may close its own. */
    private static array $output;
    private static int $process;
    private static ?array $call = null; // The head of the call that runs; null when none does.
    private static string $event = '';
    private static bool $isLoading = false;

    public static function connect(): void
    {
        self::$process = getmypid();
        self::$output = [fopen('php://stdout', 'w'), fopen('php://stderr', 'w')];
        self::$connection = stream_socket_client('tcp://127.0.0.1:' . getenv('FC_LOCAL_PORT'));
        stream_set_timeout(self::$connection, -1); // Else default_socket_timeout ends a worker that waits for its next call.
        fwrite(self::$connection, getenv('FC_LOCAL_TOKEN') . "\n");
        foreach (['FC_LOCAL_PORT', 'FC_LOCAL_TOKEN'] as $name) {
            putenv($name);
            unset($_ENV[$name], $_SERVER[$name]);
        }
        register_shutdown_function([self::class, 'shutDown']);
    }

    /** Waits for the next call; false when the host wants no more or is gone. */
    public static function receive(): bool
    {
        $head = json_decode(@fgets(self::$connection) ?: 'null', true);
        if ($head === null) {
            return false;
        }
        self::$event = $head['length'] > 0 ? (string) stream_get_contents(self::$connection, $head['length']) : '';
        self::$call = strlen(self::$event) === $head['length'] ? $head : null;
        return self::$call !== null;
    }

    /** The file of the function that the call is for. */
    public static function file(): string
    {
        self::$isLoading = true;
        $path = self::path();
        return is_file($path) ? $path : throw new \Error("File '$path' does not exist");
    }

    /** Calls the function, whose file is loaded by now. */
    public static function call(): void
    {
        [$file, $function] = self::target();
        if (!is_callable($function)) {
            throw new \Error("Function '$function' is missing in file '$file.php'");
        }
        self::$isLoading = false;
        $context = self::context();
        $result = self::$call['type'] === 'invoke' ? $function(self::$event, $context) : $function($context);
        // The cloud's documentation knows only strings as results. Anything else becomes JSON, as in the other runtimes; nothing is null.
        self::answer('ok', is_string($result) ? $result : json_encode($result, JSON_THROW_ON_ERROR));
    }

    /** Whatever the handler throws is its result: logged, and given in the cloud's shape without the frames that are ours. */
    public static function fail(\Throwable $error): void
    {
        $isOurs = array_map(static fn (array $frame): bool => ($frame['file'] ?? '') === __FILE__, $error->getTrace());
        $lines = array_slice(explode("\n", $error->getTraceAsString()), 0, (int) array_search(true, $isOurs, true));
        $trace = implode("\n", $lines);
        [$message, $type] = [$error->getMessage(), $error::class];
        [$file, $line] = $error->getFile() === __FILE__ ? [self::path(), 0] : [$error->getFile(), $error->getLine()];
        fwrite(self::$output[1], rtrim("$type: $message in $file:$line\n$trace") . "\n");
        self::answer('unhandled', self::describe($message, $type, $file, $line, $trace), self::$isLoading);
    }

    /** Runs when the process ends, also by exit() or by an error that nobody can catch. */
    public static function shutDown(): void
    {
        if (self::$call === null || getmypid() !== self::$process) {
            return;
        }
        $error = error_get_last();
        if ($error !== null && ($error['type'] & self::FATAL) !== 0) {
            ini_set('memory_limit', '-1'); // It may be what ran out.
            self::answer('unhandled', self::describe($error['message'], 'Fatal error', $error['file'], $error['line'], ''), true);
        }
        // After exit() there is no answer: the cloud, too, sees that as a process that died.
        // Ended here, since children may keep the connection open.
        stream_socket_shutdown(self::$connection, STREAM_SHUT_WR);
    }

    /** @return array{string, string} File without its extension, and function, of the call. */
    private static function target(): array
    {
        $variable = match (self::$call['type']) {
            'initialize' => 'FC_INITIALIZER_HANDLER',
            'pre-stop' => 'FC_INSTANCE_LIFECYCLE_PRE_STOP_HANDLER',
            default => 'FC_FUNCTION_HANDLER',
        };
        $name = getenv($variable);
        $dot = strrpos($name, '.') ?: 0;
        return [substr($name, 0, $dot), substr($name, $dot + 1)];
    }

    private static function path(): string
    {
        return getenv('FC_FUNC_CODE_PATH') . '/' . self::target()[0] . '.php';
    }

    private static function answer(string $outcome, string $body, bool $exits = false): void
    {
        if (getmypid() !== self::$process) {
            exit(0); // A child that the handler forked and let return: the call is its parent's.
        }
        while (ob_get_level() > 0) {
            ob_end_flush();
        }
        foreach (self::$output as $stream) {
            fwrite($stream, "\x1e" . self::$call['requestId'] . "\n");
        }
        self::$call = null;
        $frame = json_encode(['outcome' => $outcome, 'length' => strlen($body)] + ($exits ? ['exit' => true] : [])) . "\n" . $body;
        for ($sent = 0; $sent < strlen($frame); $sent += $count) {
            $count = @fwrite(self::$connection, $sent === 0 ? $frame : substr($frame, $sent));
            if (!$count) {
                exit(1); // The host is gone.
            }
        }
    }

    private static function describe(string $message, string $type, string $file, int $line, string $trace): string
    {
        return json_encode(
            ['errorMessage' => $message, 'errorType' => $type, 'stackTrace' => ['file' => $file, 'line' => $line, 'traceString' => $trace]],
            JSON_UNESCAPED_SLASHES | JSON_UNESCAPED_UNICODE | JSON_INVALID_UTF8_SUBSTITUTE);
    }

    private static function context(): array
    {
        return [
            'requestId' => self::$call['requestId'],
            'credentials' => [
                'accessKeyId' => getenv('ALIBABA_CLOUD_ACCESS_KEY_ID') ?: '',
                'accessKeySecret' => getenv('ALIBABA_CLOUD_ACCESS_KEY_SECRET') ?: '',
                'securityToken' => getenv('ALIBABA_CLOUD_SECURITY_TOKEN') ?: '',
            ],
            'function' => [
                'name' => getenv('FC_FUNCTION_NAME'),
                'handler' => getenv('FC_FUNCTION_HANDLER'),
                'memory' => (int) getenv('FC_FUNCTION_MEMORY_SIZE'),
                'timeout' => (int) getenv('FC_TIMEOUT'),
                'initializer' => getenv('FC_INITIALIZER_HANDLER') ?: '',
                'initializationTimeout' => 300,
            ],
            'service' => [
                'name' => '',
                'logProject' => '',
                'logStore' => '',
                'qualifier' => getenv('FC_QUALIFIER'),
                'versionId' => getenv('FC_VERSION_ID'),
            ],
            'region' => getenv('FC_REGION'),
            'accountId' => getenv('FC_ACCOUNT_ID'),
            'tracing' => ['openTracingSpanContext' => '', 'jaegerEndpoint' => '', 'openTracingSpanBaggages' => []],
        ];
    }
}

/** What functions find in $GLOBALS['fcLogger']: a method for each level. */
final class Logger
{
    public function __call(string $level, array $arguments): void
    {
        echo '[', strtoupper($level), '] ', $arguments[0] ?? '', "\n";
    }
}

$GLOBALS['fcLogger'] = new Logger();
Worker::connect();
while (Worker::receive()) {
    try {
        require_once Worker::file(); // Here, so that what it declares outside of functions is global, as its functions expect.
        Worker::call();
    } catch (\Throwable $throwable) {
        Worker::fail($throwable);
    }
}

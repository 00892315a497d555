// The processes of integration tests have short stack traces for workflow code; the tests themselves have those of Node.
Error.stackTraceLimit = 10;

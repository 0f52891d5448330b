// LambdaRuntime: the client of the AWS Lambda Runtime API: the next invocation, its answer, or its error.
// Source: AWS Lambda Developer Guide, "Using the Lambda runtime API for custom runtimes".
#pragma once

#include <chrono>
#include <string>
#include <string_view>

#include "libs/aws/http_transport.hpp"
#include "libs/base/executor.hpp"

namespace orderflow::aws {

struct LambdaInvocation {
    std::string request_id;  // letters, digits and hyphens
    Instant deadline;        // then Lambda ends the process
    std::string trace;       // of X-Ray: "Root=...;Parent=...;Sampled=1"; may be empty
    std::string event;
};

struct LambdaRuntimePolicy {
    // An invocation may be hours away, and the process is frozen meanwhile: nobody gives up before Lambda does.
    BootClock::duration next_time = std::chrono::hours(24);
    BootClock::duration post_time = 5s;  // one attempt
    unsigned attempts = 3;               // of one call, when the connection fails
    BootClock::duration pause = 50ms;    // before the second; longer each time
};

// For one loop, which is the transport's.
class LambdaRuntime {
  public:
    // All outlive it.
    struct Parts {
        HttpTransport& transport;
        Executor& timers;
        const Clock& clock;
    };

    // `api`: AWS_LAMBDA_RUNTIME_API, host:port. invalid_input "lambda.api_invalid".
    static Result<LambdaRuntime> at(std::string_view api, Parts parts, LambdaRuntimePolicy policy = {});

    // Waits for it. Errors, unavailable, after which the process has no use: "lambda.api_down" (no answer, again and
    // again), "lambda.api_refused" (another status than 200), "lambda.api_unreadable" (no request id).
    task<Result<LambdaInvocation>> next();

    // How the invocation ended. Errors, unavailable: "lambda.api_down", "lambda.api_refused". Each is sent again when
    // the connection fails; that the API has ended the invocation meanwhile is then no error.
    task<Result<void>> respond(std::string request_id, std::string body);
    task<Result<void>> fail_invocation(std::string request_id, Error why);

    // Instead of the first next(): the start has failed, and the process ends.
    task<Result<void>> fail_init(Error why);

  private:
    LambdaRuntime(HttpUrl url, Parts parts, LambdaRuntimePolicy policy)
        : url_(std::move(url)), parts_(parts), policy_(policy) {}

    HttpAsk ask_for(std::string method, std::string_view path) const;
    task<Result<void>> post(HttpAsk ask);

    HttpUrl url_;
    Parts parts_;
    LambdaRuntimePolicy policy_;
};

// The body of an error: {"errorMessage":...,"errorType":...,"stackTrace":[]}; the type is the error's code, which also
// stands in Lambda-Runtime-Function-Error-Type. Pure.
std::string write_lambda_error(const Error& why);

}  // namespace orderflow::aws

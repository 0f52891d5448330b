// LambdaHost: the side of a function on AWS Lambda that talks to Lambda: takes one invocation after the other, has it
// worked on, and says how it ended. On an event loop of its own.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "libs/aws/lambda_runtime.hpp"
#include "libs/aws/pooled_http_transport.hpp"
#include "libs/base/settings.hpp"
#include "libs/net/http_pool.hpp"
#include "libs/net/runtime.hpp"
#include "libs/observe/log.hpp"

namespace orderflow {

inline constexpr std::string_view lambda_api_setting = "AWS_LAMBDA_RUNTIME_API";

class LambdaHost {
  public:
    // The answer for Lambda, or why the whole invocation failed. May be awaited from any loop.
    using Work = std::function<task<Result<std::string>>(aws::LambdaInvocation invocation)>;
    // Of an end that nobody asked for: LambdaRuntime's errors.
    using Ended = std::function<void(Error why)>;

    // Asks nobody yet; the loop runs. invalid_input "lambda.not_here" without AWS_LAMBDA_RUNTIME_API, and
    // "lambda.api_invalid". Both outlive it.
    static Result<std::unique_ptr<LambdaHost>> open(const Clock& clock, const observe::Logger& log,
                                                    const Environment& environment);
    ~LambdaHost() { stop(); }
    LambdaHost(const LambdaHost&) = delete;
    LambdaHost& operator=(const LambdaHost&) = delete;

    // Tells Lambda that the start has failed; that it could not be told is logged. Blocks.
    void fail_init(const Error& why);

    // Once: takes invocations from now on, one at a time. `ended`, on its loop, is called when that is over.
    void serve(Work work, Ended ended);

    // Takes no more; an invocation that is under way gets no answer, and its messages come again. Idempotent. Blocks.
    void stop();

  private:
    LambdaHost(const Clock& clock, const observe::Logger& log) : clock_(clock), log_(log), loop_(clock, 1, "lambda") {}
    Result<void> open(const Environment& environment);
    task<void> serve_for_ever(Work work, Ended ended);

    const Clock& clock_;
    const observe::Logger& log_;
    std::unique_ptr<net::HttpPool> pool_;
    std::unique_ptr<aws::PooledHttpTransport> transport_;
    std::unique_ptr<aws::LambdaRuntime> api_;
    net::Runtime loop_;  // last: its coroutines refer to everything above
};

}  // namespace orderflow

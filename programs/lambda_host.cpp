#include "programs/lambda_host.hpp"

#include <future>
#include <optional>
#include <utility>

#include "libs/aws/lambda_event.hpp"

namespace orderflow {
namespace {

// Both outlive it: the caller waits.
task<void> tell_init(aws::LambdaRuntime& api, Error why, std::promise<Result<void>>& told) {
    told.set_value(co_await api.fail_init(std::move(why)));
}

}  // namespace

Result<std::unique_ptr<LambdaHost>> LambdaHost::open(const Clock& clock, const observe::Logger& log,
                                                     const Environment& environment) {
    std::unique_ptr<LambdaHost> host(new LambdaHost(clock, log));
    if (auto opened = host->open(environment); !opened) return fail(std::move(opened).error());
    return host;
}

Result<void> LambdaHost::open(const Environment& environment) {
    const auto api = environment.find(lambda_api_setting);
    if (api == environment.end()) {
        return fail(ErrorKind::invalid_input, "lambda.not_here",
                    "--lambda is for AWS Lambda, which sets AWS_LAMBDA_RUNTIME_API; everywhere else start without it");
    }
    // No proxy: the API is on this machine.
    auto pool = net::HttpPool::create({loop_.loop(), loop_.executor(), clock_}, {});
    if (!pool) return fail(std::move(pool).error());
    pool_ = *std::move(pool);
    transport_ = std::make_unique<aws::PooledHttpTransport>(*pool_, aws::lambda_event_bytes);
    auto runtime = aws::LambdaRuntime::at(api->second, {*transport_, loop_.executor(), clock_});
    if (!runtime) return fail(std::move(runtime).error());
    api_ = std::make_unique<aws::LambdaRuntime>(*std::move(runtime));
    loop_.start();
    return {};
}

void LambdaHost::fail_init(const Error& why) {
    std::promise<Result<void>> told;
    loop_.spawn(tell_init(*api_, why, told));
    if (const auto answer = told.get_future().get(); !answer) {
        log_.error("lambda.init_error_untold", {{"code", answer.error().code()}, {"why", answer.error().detail()}});
    }
}

void LambdaHost::stop() {
    loop_.stop();
    if (pool_) pool_->close_idle();
}

void LambdaHost::serve(Work work, Ended ended) { loop_.spawn(serve_for_ever(std::move(work), std::move(ended))); }

task<void> LambdaHost::serve_for_ever(Work work, Ended ended) {
    for (;;) {
        auto invocation = co_await api_->next();
        if (!invocation) {
            ended(std::move(invocation).error());
            co_return;
        }
        auto request = invocation->request_id;
        auto answer = co_await work(*std::move(invocation));
        // What Lambda was not told it takes for failed: the messages come again.
        Result<void> told;
        if (answer) {
            told = co_await api_->respond(std::move(request), *std::move(answer));
        } else {
            told = co_await api_->fail_invocation(std::move(request), std::move(answer).error());
        }
        if (!told) {
            ended(std::move(told).error());
            co_return;
        }
    }
}

}  // namespace orderflow

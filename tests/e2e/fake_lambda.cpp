#include "tests/e2e/fake_lambda.hpp"

#include <utility>

#include "libs/base/system_clock.hpp"
#include "libs/json/parse.hpp"
#include "libs/json/writer.hpp"

namespace orderflow::e2e {
namespace {

constexpr std::string_view root = "/2018-06-01/runtime";
constexpr auto look_again = std::chrono::milliseconds(5);

std::string text_in(std::optional<std::string_view> field) { return std::string(field.value_or("")); }

}  // namespace

FakeLambda::FakeLambda() : server_(routes()) {}

std::vector<net::Route> FakeLambda::routes() {
    const auto path = [](std::string_view end) { return std::string(root) + std::string(end); };
    net::RouteOptions patient;
    patient.handler_time = std::chrono::hours(1);
    // An invocation must not go to a function that was killed.
    patient.ends_with_peer = [](const net::Request&) { return true; };
    return {
        {net::Method::get, path("/invocation/next"), [this](const net::Request& request) { return next(request); },
         "next", patient},
        {net::Method::post, path("/invocation/{id}/response"),
         [this](const net::Request& request) { return report(request, "response"); }, "response"},
        {net::Method::post, path("/invocation/{id}/error"),
         [this](const net::Request& request) { return report(request, "error"); }, "error"},
        {net::Method::post, path("/init/error"),
         [this](const net::Request& request) { return report(request, "init error"); }, "init"},
        {net::Method::post, "/", [this](const net::Request& request) { return parameters(request); }, "parameters"}};
}

void FakeLambda::set_parameter(const std::string& name, const std::string& value) {
    const std::lock_guard lock(mutex_);
    parameters_[name] = value;
}

bool FakeLambda::wait_until_asked(int count) {
    std::unique_lock lock(mutex_);
    return changed_.wait_for(lock, std::chrono::seconds(10), [&] { return asked_ >= count; });
}

void FakeLambda::invoke(const std::string& request, const std::string& event, std::chrono::milliseconds time_out) {
    const std::lock_guard lock(mutex_);
    invocations_.push_back({request, event, to_unix_ms(SystemClock().wall() + time_out)});
}

FakeLambda::Report FakeLambda::wait_for_report(std::chrono::seconds at_most) {
    std::unique_lock lock(mutex_);
    if (!changed_.wait_for(lock, at_most, [&] { return !reports_.empty(); })) return {};
    auto first = std::move(reports_.front());
    reports_.pop_front();
    return first;
}

task<net::Response> FakeLambda::next(const net::Request& request) {
    {
        const std::lock_guard lock(mutex_);
        ++asked_;
        changed_.notify_all();
    }
    const SystemClock clock;
    while (!request.stop.stop_requested()) {
        {
            const std::lock_guard lock(mutex_);
            if (!invocations_.empty()) {
                const auto invocation = std::move(invocations_.front());
                invocations_.pop_front();
                co_return net::Response::json(200, invocation.event)
                    .field("Lambda-Runtime-Aws-Request-Id", invocation.request)
                    .field("Lambda-Runtime-Deadline-Ms", std::to_string(invocation.deadline_ms))
                    .field("Lambda-Runtime-Trace-Id",
                           "Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=1");
            }
        }
        co_await sleep_until(*request.loop, clock.now() + look_again, request.stop);
    }
    co_return net::Response::json(500, "{}");
}

task<net::Response> FakeLambda::report(const net::Request& request, std::string kind) {
    const std::lock_guard lock(mutex_);
    reports_.push_back({std::move(kind), std::string(request.param("id")),
                        text_in(request.field("Lambda-Runtime-Function-Error-Type")), std::string(request.body)});
    changed_.notify_all();
    co_return net::Response::json(202, R"({"status":"OK"})");
}

task<net::Response> FakeLambda::parameters(const net::Request& request) {
    const auto asked = json::parse(request.body, {.bytes = 64 * 1024});
    const auto* names = asked ? asked->find("Names") : nullptr;
    if (request.field("X-Amz-Target") != "AmazonSSM.GetParameters" || names == nullptr || names->array() == nullptr) {
        co_return net::Response::json(400, R"({"__type":"InvalidAction"})");
    }
    const std::lock_guard lock(mutex_);
    json::Writer out;
    out.begin_object().key("Parameters").begin_array();
    for (const auto& name : *names->array()) {
        const auto found = parameters_.find(std::string(*name.string()));
        if (found == parameters_.end()) continue;
        out.begin_object().key("Name").string(found->first).key("Value").string(found->second).end_object();
    }
    out.end_array().end_object();
    co_return net::Response::json(200, std::move(out).take());
}

}  // namespace orderflow::e2e

// HttpTransport of tests: answers each request with the next line of a script, after a virtual time.
#pragma once

#include <algorithm>
#include <deque>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "libs/async/sleep.hpp"
#include "libs/aws/http_transport.hpp"
#include "libs/testing/sim_loop.hpp"

namespace orderflow::aws {

class ScriptedTransport final : public HttpTransport {
  public:
    struct Line {
        Result<HttpReply> reply;
        BootClock::duration after{0};
    };

    explicit ScriptedTransport(SimLoop& loop) : loop_(loop) {}

    static Line ok(std::string body, BootClock::duration after = {}) {
        return {HttpReply{200, {}, std::move(body)}, after};
    }
    static Line fault(int status, const std::string& type) {
        return {HttpReply{status, {}, R"({"__type":"com.amazonaws.sqs#)" + type + R"("})"}, {}};
    }
    static Line broken(std::string code, BootClock::duration after = {}) {
        return {fail(ErrorKind::unavailable, std::move(code)), after};
    }
    // Longer than any deadline.
    static Line silence() { return ok("{}", 1h); }

    task<Result<HttpReply>> ask(HttpAsk ask, Instant deadline) override {
        asked.push_back(ask);
        asked_at.push_back(loop_.clock().now());
        auto line = script.empty() ? answer(ask) : std::move(script.front());
        if (!script.empty()) script.pop_front();
        const auto until = loop_.clock().now() + line.after;
        co_await sleep_until(loop_, std::min(until, deadline), ask.stop);
        if (ask.stop.stop_requested()) co_return fail(ErrorKind::unavailable, "http.stopped");
        if (until > deadline) co_return fail(ErrorKind::unavailable, "http.timeout");
        co_return std::move(line.reply);
    }

    std::deque<Line> script;
    // What is answered when the script has ended.
    std::function<Line(const HttpAsk&)> answer = [](const HttpAsk&) { return ok("{}"); };
    std::vector<HttpAsk> asked;
    std::vector<Instant> asked_at;

  private:
    SimLoop& loop_;
};

}  // namespace orderflow::aws

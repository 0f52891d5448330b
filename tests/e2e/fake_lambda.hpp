// FakeLambda: AWS Lambda as a function sees it, as far as a test needs it: the Runtime API, one invocation after the
// other, with no time-out that it enforces; and the parameter store. From the documentation of both; no emulator of
// somebody else's was at hand.
#pragma once

#include <chrono>
#include <condition_variable>
#include <deque>
#include <map>
#include <mutex>
#include <string>

#include "libs/async/sleep.hpp"
#include "tests/integration/http_test_server.hpp"

namespace orderflow::e2e {

class FakeLambda {
  public:
    // What the function told of an invocation, or of its start.
    struct Report {
        std::string kind;     // "response", "error", "init error"
        std::string request;  // empty for its start
        std::string type;     // of an error, as the header says it
        std::string body;
    };

    FakeLambda();

    // AWS_LAMBDA_RUNTIME_API and AWS_ENDPOINT_URL_SSM.
    std::string api() const { return server_.bound().to_string(); }
    std::string parameter_store() const { return "http://" + api(); }
    void set_parameter(const std::string& name, const std::string& value);

    // Waits, ten seconds at most, until a function asks for work for the `count`-th time.
    bool wait_until_asked(int count);
    // Hands an invocation to the function that asks next.
    void invoke(const std::string& request, const std::string& event, std::chrono::milliseconds time_out);
    // The next one that came, within `at_most`; its kind is empty when none did.
    Report wait_for_report(std::chrono::seconds at_most = std::chrono::seconds(40));

  private:
    struct Invocation {
        std::string request;
        std::string event;
        std::int64_t deadline_ms;
    };
    std::vector<net::Route> routes();
    // It outlives them, and the request the handler.
    task<net::Response> next(const net::Request& request);
    task<net::Response> report(const net::Request& request, std::string kind);
    task<net::Response> parameters(const net::Request& request);

    std::mutex mutex_;
    std::condition_variable changed_;
    std::deque<Invocation> invocations_;
    std::deque<Report> reports_;
    std::map<std::string, std::string> parameters_;
    int asked_ = 0;
    net::HttpTestServer server_;  // last: its handlers use everything above
};

}  // namespace orderflow::e2e

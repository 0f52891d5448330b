#include "api-service/traced_route.hpp"

#include <optional>
#include <utility>
#include <vector>

#include "api-service/send_trace.hpp"
#include "libs/net/ascii.hpp"

namespace orderflow::api {
namespace {

constexpr unsigned first_fault = 500;

class TracedRoute {
  public:
    TracedRoute(observe::Tracer& tracer, net::Method method, std::string pattern, net::Handler handler)
        : tracer_(tracer),
          pattern_(std::move(pattern)),
          name_(std::string(net::to_string(method)) + " " + pattern_),
          handler_(std::move(handler)) {}

    // This and the request outlive it: the router and the session hold them.
    task<net::Response> answer(const net::Request& request) const {
        auto span = begin(request);
        const auto traceparent = span.context()->to_string();
        std::vector<net::Field> fields;
        fields.reserve(request.fields.size() + 1);
        for (const auto& field : request.fields) {
            if (!net::iequals(field.name, "traceparent")) fields.push_back(field);
        }
        fields.push_back({.name = "traceparent", .value = traceparent});
        net::Request inner = request;
        inner.fields = fields;
        try {
            auto response = co_await handler_(inner);
            span.set("http.response.status_code", response.status);
            if (response.status >= first_fault) span.fail(std::to_string(response.status));
            co_return response;
        } catch (...) {
            span.fail("exception");
            throw;
        }
    }

  private:
    observe::Span begin(const net::Request& request) const {
        const auto caller = trace_of(request);
        const auto since = request.arrived != Instant() ? std::optional(request.arrived) : std::nullopt;
        auto span = tracer_.start(observe::SpanKind::server, name_, caller ? &*caller : nullptr, since);
        if (!span.is_recorded()) return span;
        span.set("http.request.method", net::to_string(request.method));
        span.set("http.route", pattern_);
        span.set("url.scheme", "http");
        span.set("url.path", request.path);
        span.set("orderflow.request.id", request.request_id);
        return span;
    }

    observe::Tracer& tracer_;
    std::string pattern_;
    std::string name_;
    net::Handler handler_;
};

}  // namespace

net::Handler traced(observe::Tracer* tracer, net::Method method, std::string pattern, net::Handler handler) {
    if (tracer == nullptr) return handler;
    return [route = TracedRoute(*tracer, method, std::move(pattern), std::move(handler))](const net::Request& request) {
        return route.answer(request);
    };
}

}  // namespace orderflow::api

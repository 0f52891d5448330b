// SendTrace: the trace of one message on its way to a queue. Its traceparent travels with the message, so that the
// worker's spans stand below the one of the send, and that one below the request's.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "libs/base/entropy.hpp"
#include "libs/base/result.hpp"
#include "libs/net/request.hpp"
#include "libs/observe/log.hpp"
#include "libs/observe/tracer.hpp"
#include "libs/orders/domain/ids.hpp"

namespace orderflow::api {

// The context that the request belongs to; nothing when its traceparent is missing, doubled or malformed.
std::optional<observe::TraceContext> trace_of(const net::Request& request);

class SendTrace {
  public:
    // `log` outlives it.
    SendTrace(observe::Span span, const observe::TraceContext& context, std::string queue, const observe::Logger& log)
        : span_(std::move(span)), context_(context), queue_(std::move(queue)), log_(log) {}

    // What travels.
    std::string traceparent() const { return context_.to_string(); }

    // The queue has the message, or why not.
    template <class T>
    void ended(const Result<T>& sent, const std::optional<orders::OrderId>& order = std::nullopt) {
        end(sent ? nullptr : &sent.error(), order);
    }

  private:
    void end(const Error* why, const std::optional<orders::OrderId>& order);

    observe::Span span_;
    observe::TraceContext context_;
    std::string queue_;
    const observe::Logger& log_;
};

// Any thread.
class SendTraces {
  public:
    // `tracer` may be null: then a trace context travels all the same. Everything outlives it.
    SendTraces(observe::Tracer* tracer, Entropy& entropy, const observe::Logger& log)
        : tracer_(tracer), entropy_(entropy), log_(log) {}

    SendTrace begin(const net::Request& request, std::string_view queue) const;

  private:
    observe::Tracer* tracer_;
    Entropy& entropy_;
    const observe::Logger& log_;
};

}  // namespace orderflow::api

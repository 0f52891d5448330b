// MessageTrace: the trace of the work on one message: a consumer span below the span of whoever sent it, and a span
// below that for each effect. Without a tracer only the sender's context is passed on.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "libs/observe/tracer.hpp"
#include "libs/orders/application/processing/effect_watch.hpp"
#include "libs/orders/ports/message_queue.hpp"
#include "worker-service/message_handler.hpp"

namespace orderflow::worker {

class MessageTrace final : public orders::EffectWatch {
  public:
    // `tracer` may be null; outlives it. `traceparent`: of the message, in any form.
    MessageTrace(observe::Tracer* tracer, std::string_view queue, const orders::ReceivedMessage& message,
                 const std::optional<std::string>& traceparent);

    // Ends the consumer span with what became of the message; the answer carries the trace to the log.
    Handled finish(orders::Fate fate, const std::optional<orders::OrderId>& order);

    void store_began(std::string_view name) override;
    void payment_began(std::string_view name) override;
    void ended(const Error* why) override;
    std::optional<std::string> traceparent() const override;
    std::string kept_traceparent() const override;

  private:
    observe::Tracer* tracer_;
    std::optional<observe::TraceContext> sender_;
    observe::Span span_;
    observe::Span effect_;  // the last that began
};

}  // namespace orderflow::worker

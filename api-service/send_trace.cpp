#include "api-service/send_trace.hpp"

#include <utility>

namespace orderflow::api {

std::optional<observe::TraceContext> trace_of(const net::Request& request) {
    const auto field = request.field("traceparent");
    return field && request.field_count("traceparent") == 1 ? observe::TraceContext::parse(*field) : std::nullopt;
}

SendTrace SendTraces::begin(const net::Request& request, std::string_view queue) const {
    const auto caller = trace_of(request);
    if (tracer_ == nullptr) {
        return SendTrace({}, caller ? caller->child(entropy_) : observe::TraceContext::start(entropy_),
                         std::string(queue), log_);
    }
    auto span = tracer_->start(observe::SpanKind::producer, "send " + std::string(queue), caller ? &*caller : nullptr);
    span.set("messaging.system", "aws_sqs");
    span.set("messaging.operation.name", "send");
    span.set("messaging.operation.type", "send");
    span.set("messaging.destination.name", queue);
    const auto context = *span.context();
    return SendTrace(std::move(span), context, std::string(queue), log_);
}

void SendTrace::end(const Error* why, const std::optional<orders::OrderId>& order) {
    const auto id = order ? order->to_string() : std::string();
    if (order) span_.set("orderflow.order.id", id);
    if (why != nullptr) span_.fail(why->code());
    span_.end();
    log_.debug(why == nullptr ? "message.sent" : "message.not_sent",
               {{"queue", queue_}, {"order_id", id}, {"code", why == nullptr ? std::string_view() : why->code()}},
               &context_);
}

}  // namespace orderflow::api

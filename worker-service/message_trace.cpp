#include "worker-service/message_trace.hpp"

#include <utility>

namespace orderflow::worker {
namespace {

using observe::SpanKind;

std::string_view to_string(orders::Fate::Kind kind) {
    switch (kind) {
        case orders::Fate::Kind::remove: return "removed";
        case orders::Fate::Kind::retry: return "retried";
        case orders::Fate::Kind::give_back: return "given_back";
    }
    return "";
}

}  // namespace

MessageTrace::MessageTrace(observe::Tracer* tracer, std::string_view queue, const orders::ReceivedMessage& message,
                           const std::optional<std::string>& traceparent)
    : tracer_(tracer), sender_(traceparent ? observe::TraceContext::parse(*traceparent) : std::nullopt) {
    if (tracer_ == nullptr) return;
    span_ = tracer_->start(SpanKind::consumer, "process " + std::string(queue), sender_ ? &*sender_ : nullptr);
    if (!span_.is_recorded()) return;
    span_.set("messaging.system", "aws_sqs");
    span_.set("messaging.operation.name", "process");
    span_.set("messaging.operation.type", "process");
    span_.set("messaging.destination.name", queue);
    span_.set("messaging.message.id", message.id.value);
    span_.set("orderflow.message.receive_count", message.receive_count);
}

Handled MessageTrace::finish(orders::Fate fate, const std::optional<orders::OrderId>& order) {
    if (span_.is_recorded()) {
        if (order) span_.set("orderflow.order.id", order->to_string());
        span_.set("orderflow.message.fate", to_string(fate.kind));
        if (fate.settled) span_.set("orderflow.order.status", to_string(fate.settled->status));
        if (fate.dead_lettered || fate.kind == orders::Fate::Kind::retry) span_.fail(fate.code);
    }
    span_.end();
    Handled handled(std::move(fate), order);
    handled.trace = span_.context() != nullptr ? std::optional(*span_.context()) : sender_;
    return handled;
}

void MessageTrace::store_began(std::string_view name) {
    if (!span_.is_recorded()) return;
    effect_ = tracer_->start(SpanKind::internal, "store " + std::string(name), span_.context());
    effect_.set("orderflow.change", name);
}

void MessageTrace::payment_began(std::string_view name) {
    if (tracer_ == nullptr) return;
    effect_ = tracer_->start(SpanKind::client, "payment " + std::string(name), span_.context());
    effect_.set("orderflow.payment.call", name);
}

void MessageTrace::ended(const Error* why) {
    if (why != nullptr) effect_.fail(why->code());
    effect_.end();
}

std::optional<std::string> MessageTrace::traceparent() const {
    const auto* context = effect_.context();
    if (context == nullptr && sender_) context = &*sender_;
    return context != nullptr ? std::optional(context->to_string()) : std::nullopt;
}

std::string MessageTrace::kept_traceparent() const {
    const auto& span = effect_.is_recorded() ? effect_ : span_;
    return span.is_recorded() ? span.context()->to_string() : std::string();
}

}  // namespace orderflow::worker

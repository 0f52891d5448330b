#include "libs/observe/tracer.hpp"

#include <chrono>
#include <cstdlib>
#include <utility>

namespace orderflow::observe {

std::string hex(std::span<const std::uint8_t> bytes) {
    constexpr std::string_view digits = "0123456789abcdef";
    std::string text;
    for (const auto byte : bytes) {
        text += digits[byte >> 4U];
        text += digits[byte & 15U];
    }
    return text;
}

Span& Span::operator=(Span&& other) noexcept {
    end();
    tracer_ = other.tracer_;
    context_ = other.context_;
    record_ = std::move(other.record_);
    return *this;
}

void Span::set(std::string_view key, std::string value) {
    if (record_) record_->attributes.push_back({.key = key, .value = std::move(value)});
}

void Span::set_number(std::string_view key, std::int64_t value) {
    if (record_) record_->attributes.push_back({.key = key, .value = value});
}

void Span::set_flag(std::string_view key, bool value) {
    if (record_) record_->attributes.push_back({.key = key, .value = value});
}

void Span::fail(std::string_view code) {
    if (!record_ || !record_->error.empty()) return;
    record_->error = code;
    set("error.type", code);
}

void Span::end() noexcept {
    if (record_) tracer_->finish(std::move(record_));
}

Span Tracer::start(SpanKind kind, std::string_view name, const TraceContext* parent, std::optional<Instant> since) {
    Span span;
    span.tracer_ = this;
    span.context_ = parent != nullptr ? parent->child(parts_.entropy) : TraceContext::start(parts_.entropy);
    span.context_.sampled = sampler_.samples(parent, span.context_);
    if (!span.context_.sampled) return span;
    span.record_ = std::make_unique<SpanRecord>();
    span.record_->context = span.context_;
    if (parent != nullptr) span.record_->parent = parent->span_id;
    span.record_->kind = kind;
    span.record_->name = name;
    span.record_->start_ns = unix_ns(since.value_or(parts_.clock.now()));
    return span;
}

void Tracer::finish(std::unique_ptr<SpanRecord> record) noexcept {
    record->end_ns = unix_ns(parts_.clock.now());
    parts_.sink.take(std::move(*record));
}

// The wall clock has milliseconds, and jumps: spans of one program are placed by the steady clock, as far ahead as the
// wall clock was at first, until they differ by more than a correction's worth.
std::int64_t Tracer::unix_ns(Instant at) noexcept {
    constexpr std::int64_t jump_ns = 100'000'000;
    using std::chrono::nanoseconds;
    const auto wall = std::chrono::duration_cast<nanoseconds>(parts_.clock.wall().time_since_epoch());
    const auto ahead = (wall - parts_.clock.now().time_since_epoch()).count();
    auto known = wall_ahead_ns_.load(std::memory_order_relaxed);
    if (std::abs(ahead - known) > jump_ns) {
        known = ahead;
        wall_ahead_ns_.store(ahead, std::memory_order_relaxed);
    }
    return at.time_since_epoch().count() + known;
}

}  // namespace orderflow::observe

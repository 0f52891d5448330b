// Tracer: begins the spans of a trace. A program that does not trace has a null Tracer*, and spans that are nothing.
//
//   Span span = tracer->start(SpanKind::server, "POST /v1/orders", parent);
//   span.set("http.route", "/v1/orders");
//   ...                                    // what is called meanwhile gets span.context() as its parent
//   if (!answered) span.fail("timeout");
//   span.end();
//
// No attribute may hold personal data: ids, codes, numbers and names that the program knows.
#pragma once

#include <atomic>
#include <concepts>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "libs/base/clock.hpp"
#include "libs/base/entropy.hpp"
#include "libs/observe/sampler.hpp"
#include "libs/observe/span.hpp"

namespace orderflow::observe {

class Tracer;

// Work that is under way. Not for two threads at once. Ends when it is destroyed, if end() was not called.
class Span {
  public:
    Span() = default;  // of a program that does not trace
    Span(Span&&) noexcept = default;
    Span& operator=(Span&& other) noexcept;
    ~Span() { end(); }

    // What travels to whoever is called. Null: nobody traces. Stays good after end().
    const TraceContext* context() const noexcept { return tracer_ != nullptr ? &context_ : nullptr; }
    // False: attributes are not worth being made.
    bool is_recorded() const noexcept { return record_ != nullptr; }

    void set(std::string_view key, std::string value);
    void set(std::string_view key, std::string_view value) { set(key, std::string(value)); }
    void set(std::string_view key, const char* value) { set(key, std::string(value)); }
    template <std::integral T>
    void set(std::string_view key, T value) {
        if constexpr (std::same_as<T, bool>) {
            set_flag(key, value);
        } else {
            set_number(key, static_cast<std::int64_t>(value));
        }
    }

    // It did not go well; `code` is stable text of the program ("queue.down", "503").
    void fail(std::string_view code);
    // Idempotent.
    void end() noexcept;

  private:
    friend class Tracer;
    void set_number(std::string_view key, std::int64_t value);
    void set_flag(std::string_view key, bool value);

    Tracer* tracer_ = nullptr;
    TraceContext context_;
    std::unique_ptr<SpanRecord> record_;  // null: not sampled, or ended
};

// Any thread. Outlives its spans.
class Tracer {
  public:
    // All outlive it.
    struct Parts {
        const Clock& clock;
        Entropy& entropy;
        SpanSink& sink;
    };
    Tracer(Parts parts, Sampler sampler) : parts_(parts), sampler_(sampler) {}
    Tracer(const Tracer&) = delete;
    Tracer& operator=(const Tracer&) = delete;

    // Below `parent`, or the first of a trace of its own (null). It began at `since`, or now.
    Span start(SpanKind kind, std::string_view name, const TraceContext* parent,
               std::optional<Instant> since = std::nullopt);

  private:
    friend class Span;
    void finish(std::unique_ptr<SpanRecord> record) noexcept;
    std::int64_t unix_ns(Instant at) noexcept;

    Parts parts_;
    Sampler sampler_;
    std::atomic<std::int64_t> wall_ahead_ns_ = 0;  // of the steady clock
};

}  // namespace orderflow::observe

// EffectWatch: told of each effect that one message has, as it begins and ends: a change in the store, a call to the
// payment provider. The worker makes the spans of a trace of it.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "libs/base/error.hpp"
#include "libs/base/result.hpp"
#include "libs/orders/domain/change.hpp"

namespace orderflow::orders {

// Of one message, whose effects follow one another: no two are under way at once. Quick; on the loop of the work.
class EffectWatch {
  public:
    virtual ~EffectWatch() = default;

    // `name` is text of the program: "place", "settle_charge".
    virtual void store_began(std::string_view name) = 0;
    // "charge", "refund", "find", "authorization".
    virtual void payment_began(std::string_view name) = 0;
    // Of what began last. `why` is null when it went well.
    virtual void ended(const Error* why) = 0;

    // The W3C traceparent that belongs to a call to another system now; nothing: there is no trace.
    virtual std::optional<std::string> traceparent() const = 0;
    // The same for what is kept with a change, so that whoever takes its events on goes on with the trace. Empty unless
    // the trace is recorded.
    virtual std::string kept_traceparent() const = 0;
};

std::string_view name_of(const Change& change) noexcept;

// Tells `watch`, which may be null, that a change is about to be applied and what came of it.
class WatchedChange {
  public:
    WatchedChange(EffectWatch* watch, const Change& change) : watch_(watch) {
        if (watch_ != nullptr) watch_->store_began(name_of(change));
    }
    template <class T>
    void ended(const Result<T>& result) {
        if (watch_ != nullptr) watch_->ended(result ? nullptr : &result.error());
    }

  private:
    EffectWatch* watch_;
};

// The same for a call to the payment provider. A call without an answer was given up: the worker stops.
class WatchedCall {
  public:
    WatchedCall(EffectWatch* watch, std::string_view name) : watch_(watch) {
        if (watch_ != nullptr) watch_->payment_began(name);
    }
    template <class T>
    void ended(const std::optional<Result<T>>& answer) {
        static const Error given_up(ErrorKind::unavailable, "worker.stopping");
        if (watch_ == nullptr) return;
        watch_->ended(!answer ? &given_up : *answer ? nullptr : &answer->error());
    }
    std::optional<std::string> traceparent() const { return watch_ != nullptr ? watch_->traceparent() : std::nullopt; }

  private:
    EffectWatch* watch_;
};

}  // namespace orderflow::orders

// Fate: what becomes of a message after its change was processed. Pure functions; randomness is a parameter.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>

#include "libs/base/clock.hpp"
#include "libs/base/entropy.hpp"
#include "libs/base/result.hpp"
#include "libs/orders/domain/decide.hpp"

namespace orderflow::orders {

// What to do about an error with one order, by its kind alone.
enum class Reaction : std::uint8_t {
    retry,  // later may work; counted, so that it ends
    park,   // the same again cannot work: the order goes on hold, the message becomes a dead letter
};
Reaction reaction_to(ErrorKind kind) noexcept;

// Full jitter over min(cap, base * 2^tries): uniform in [0, that]. tries >= 0; no overflow however large it is.
// Source: AWS Architecture Blog, "Exponential Backoff And Jitter".
struct BackoffPolicy {
    std::chrono::milliseconds base{1000};
    std::chrono::milliseconds cap{std::chrono::minutes(15)};
};
std::chrono::milliseconds full_jitter(const BackoffPolicy& policy, std::uint32_t tries, Entropy& entropy);

struct Fate {
    enum class Kind : std::uint8_t {
        remove,     // done: delete the message
        retry,      // visible again after `delay`
        give_back,  // visible again at once: this worker stops
    };
    explicit Fate(Kind k) : kind(k) {}

    struct Settled {
        OrderStatus status;
        WallTime accepted_at;
    };

    Kind kind;
    std::chrono::milliseconds delay{0};
    std::string code;                // why it is retried or parked
    std::optional<Settled> settled;  // the order reached a settled status with this message
    bool dead_lettered = false;      // a dead letter was stored
    bool dropped = false;            // it came to nothing, and nobody needs it any more
};

}  // namespace orderflow::orders

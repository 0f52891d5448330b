// History: what the clients of an installation did and saw, one entry per attempt.
//
// An attempt is one request on one connection; a repetition with the same key is an attempt of its own.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "libs/base/clock.hpp"
#include "libs/orders/domain/ids.hpp"

namespace orderflow::audit {

enum class AttemptKind : std::uint8_t {
    place,   // a valid order
    cancel,  // a cancel of `order`
    bad,     // an order that breaks a rule: it must be refused and leave nothing behind
};

enum class Outcome : std::uint8_t {
    ok,       // acknowledged (2xx)
    refused,  // a definite failure: 4xx, a 503 that says so, or nothing was sent
    unknown,  // no answer, a broken one, or one that leaves it open: the effect may or may not come
};

struct AskedLine {
    std::string sku;
    std::int64_t quantity = 0;
    friend bool operator==(const AskedLine&, const AskedLine&) = default;
};

struct Attempt {
    AttemptKind kind = AttemptKind::place;
    Outcome outcome = Outcome::unknown;
    int http_status = 0;           // 0: no answer
    std::string key;               // idempotency key; the order carries it as client_reference too. Not of a cancel
    std::uint64_t asked = 0;       // hash of the body: two attempts with the same asked for the same
    std::vector<AskedLine> lines;  // of an order
    std::optional<orders::OrderId> order;  // place: from the answer, if there was one; cancel: whose cancel it is
    WallTime start{};
    WallTime end{};
};

struct History {
    std::vector<Attempt> attempts;
};

}  // namespace orderflow::audit

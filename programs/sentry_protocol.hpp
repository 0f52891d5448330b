// What Sentry's protocol says, as far as a fault of a page needs it: the DSN, an envelope with one event, rate limits.
// Sources: develop.sentry.dev, "Envelopes", "Event Payloads", "Rate Limiting" of the SDK development pages. Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "libs/base/clock.hpp"
#include "libs/base/result.hpp"
#include "libs/contract/client_error.hpp"
#include "libs/net/url.hpp"

namespace orderflow {

// Where a DSN sends events to.
struct SentryTarget {
    net::Url url;                // .../api/{project}/envelope/
    std::string authentication;  // of the field X-Sentry-Auth
};

// "https://KEY@HOST[:PORT][/PATH]/PROJECT". invalid_input "sentry.dsn_malformed", whose detail repeats nothing of it.
Result<SentryTarget> parse_sentry_dsn(std::string_view dsn);

// What an event says beside the fault itself.
struct SentryEvent {
    std::string id;  // 32 hexadecimal digits, new for each event
    WallTime at{};
    std::string environment;  // "production"
};
// An envelope with one event. Texts are valid UTF-8.
std::string encode_sentry_envelope(const contract::ClientError& error, const SentryEvent& event);

// For how long no errors may be sent, as X-Sentry-Rate-Limits says it ("60:error;transaction:key, 2700::organization");
// nothing when it says nothing of errors. Groups that cannot be read are passed over.
std::optional<BootClock::duration> sentry_error_limit(std::string_view field);

}  // namespace orderflow

// WebhookKeys: signatures of Standard Webhooks 1.0 (symmetric, "v1"), made and checked: HMAC-SHA-256 over
// "<webhook-id>.<webhook-timestamp>.<body>", so that none of the three can be changed or taken from another message.
// Source: Standard Webhooks specification 1.0, "Signature scheme" and "Verifying webhooks".
#pragma once

#include <chrono>
#include <string>
#include <string_view>
#include <vector>

#include "libs/base/clock.hpp"
#include "libs/base/result.hpp"
#include "libs/crypto/digest.hpp"

namespace orderflow::crypto {

inline constexpr std::string_view webhook_id_field = "webhook-id";
inline constexpr std::string_view webhook_timestamp_field = "webhook-timestamp";
inline constexpr std::string_view webhook_signature_field = "webhook-signature";

// The values of the three header fields.
struct WebhookFields {
    std::string_view id;
    std::string_view timestamp;  // whole seconds since 1970
    std::string_view signature;  // "v1,<base64>"; several are separated by blanks
};

// Any thread may use one object at the same time.
class WebhookKeys {
  public:
    static constexpr std::size_t secrets_max = 3;
    // Of a timestamp, to our clock, in both directions.
    static constexpr std::chrono::minutes skew_max{5};

    // One to three secrets separated by blanks, each "whsec_" and 24 to 64 bytes in Base64. More than one while a
    // secret is replaced: a message is signed with all and good when any of them signed it. invalid_input
    // "webhook.secret_malformed"; the detail never holds a part of a secret.
    static Result<WebhookKeys> parse(std::string_view secrets);

    // The value of webhook-timestamp.
    static std::string timestamp(WallTime at);
    // The value of webhook-signature. `timestamp` as it is sent.
    std::string sign(std::string_view id, std::string_view timestamp, std::string_view body) const;

    // Errors, all unauthorized: "webhook.signature_missing" (a field is empty), "webhook.timestamp_wrong" (no number,
    // or too far from `now`), "webhook.signature_wrong". Takes a time that depends on lengths alone.
    Result<void> verify(const WebhookFields& fields, std::string_view body, WallTime now) const;

  private:
    explicit WebhookKeys(std::vector<HmacKey> keys) : keys_(std::move(keys)) {}
    std::vector<HmacKey> keys_;
};

}  // namespace orderflow::crypto

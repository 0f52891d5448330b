#include "queue-service/protocol/request_authenticator.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "libs/crypto/hex.hpp"
#include "libs/net/ascii.hpp"
#include "libs/net/local_caller.hpp"
#include "queue-service/engine/limits.hpp"
#include "queue-service/engine/queue_name.hpp"

namespace orderflow::sqs {

namespace {

constexpr std::string_view service = "sqs";

// What a queue may have as its region (queue_name.hpp).
bool is_region(std::string_view text) {
    return !text.empty() && text.size() <= queue::limits::scope_part_max &&
           std::ranges::all_of(text, [](char c) { return (c >= 'a' && c <= 'z') || net::is_digit(c) || c == '-'; });
}

std::vector<aws::HeaderView> headers_of(const net::Request& request) {
    std::vector<aws::HeaderView> headers;
    headers.reserve(request.fields.size());
    for (const auto& field : request.fields) headers.push_back({.name = field.name, .value = field.value});
    return headers;
}

// The path of a queue has no character that would be escaped: decoded, it is what was signed.
aws::RequestView view_of(const net::Request& request, std::span<const aws::HeaderView> headers,
                         std::string_view payload_sha256) {
    return {.method = net::to_string(request.method),
            .path = request.path,
            .query = request.query,
            .headers = headers,
            .payload_sha256 = payload_sha256};
}

struct KnownRefusal {
    std::string_view code;
    Fault fault;
};
constexpr auto refusals = std::to_array<KnownRefusal>({
    {"signature.missing", Fault::missing_authentication_token},
    {"signature.incomplete", Fault::incomplete_signature},
    {"signature.unknown_key", Fault::invalid_client_token_id},
    {"signature.mismatch", Fault::signature_does_not_match},
    {"signature.skewed", Fault::signature_does_not_match},
    {"signature.expired", Fault::request_expired},
});

SqsError refusal_of(const Error& error) {
    for (const auto& known : refusals) {
        if (known.code == error.code()) return {known.fault, error.detail()};
    }
    return {Fault::access_denied, "Access to the resource is denied."};
}

}  // namespace

Outcome<std::string> LoopbackOnly::authenticate(const net::Request& request) {
    if (!net::is_loopback(request.peer)) {
        return refuse(Fault::access_denied,
                      "Without configured credentials this server answers requests of its own machine only.");
    }
    if (request.field("Origin") || request.field("Sec-Fetch-Site").value_or("none") != "none") {
        return refuse(Fault::access_denied, "Without configured credentials this server does not answer web pages.");
    }
    if (!net::speaks_for_itself(request)) {
        return refuse(
            Fault::access_denied,
            "Without configured credentials this server answers requests to localhost, 127.0.0.1 or [::1] that "
            "nobody has forwarded.");
    }
    const auto headers = headers_of(request);
    const auto claimed = aws::claimed_credential(view_of(request, headers, {}));
    return claimed && is_region(claimed->scope.region) ? claimed->scope.region : queue::default_scope().region;
}

Outcome<std::string> SignedOnly::authenticate(const net::Request& request) {
    const auto payload = crypto::to_hex(crypto::sha256(request.body));
    const auto headers = headers_of(request);
    const auto signer = verifier_of(request.loop).verify(view_of(request, headers, payload), clock_.wall());
    if (!signer) return refuse(refusal_of(signer.error()));
    if (!is_region(signer->scope.region)) {
        return refuse(Fault::incomplete_signature, "The region of the credential scope is malformed.");
    }
    return signer->scope.region;
}

aws::SignatureVerifier& SignedOnly::verifier_of(const Executor* loop) {
    const std::lock_guard lock(mutex_);
    auto& verifier = verifiers_[loop];
    if (!verifier) verifier = std::make_unique<aws::SignatureVerifier>(std::string(service), known_);
    return *verifier;
}

}  // namespace orderflow::sqs

#include "libs/aws/sigv4_verifier.hpp"

#include <algorithm>
#include <utility>

#include "libs/aws/aws_time.hpp"
#include "libs/crypto/hex.hpp"

namespace orderflow::aws {
namespace {

std::unexpected<Error> refused(std::string code, std::string detail) {
    return fail(ErrorKind::unauthorized, std::move(code), std::move(detail));
}

bool equal_secrets(std::string_view a, std::string_view b) {
    return crypto::equal_in_constant_time(std::as_bytes(std::span(a)), std::as_bytes(std::span(b)));
}

std::unexpected<Error> unknown_key() {
    return refused("signature.unknown_key", "The security token included in the request is invalid.");
}

Result<void> check_scope(const SignedRequest& request, std::string_view service) {
    const auto& scope = request.credential.scope;
    if (scope.service != service) {
        return refused("signature.mismatch",
                       "Credential should be scoped to correct service: '" + std::string(service) + "'.");
    }
    if (!request.amz_date.starts_with(scope.date)) {
        return refused("signature.mismatch", "Date in Credential scope does not match that of 'X-Amz-Date'.");
    }
    return {};
}

// The sentences are AWS's.
Result<void> check_time(const SignedRequest& request, WallTime now) {
    const auto& said = request.amz_date;
    const auto ours = to_amz_date(now);
    if (request.signed_at > now + clock_skew_max) {
        return refused("signature.skewed", "Signature not yet current: " + said + " is still later than " +
                                               to_amz_date(now + clock_skew_max) + " (" + ours + " + 15 min.)");
    }
    if (request.expires) {
        const auto end = request.signed_at + *request.expires;
        if (now > end) {
            return refused("signature.expired",
                           "The request expired at " + to_amz_date(end) + "; now it is " + ours + ".");
        }
    } else if (request.signed_at < now - clock_skew_max) {
        return refused("signature.skewed", "Signature expired: " + said + " is now earlier than " +
                                               to_amz_date(now - clock_skew_max) + " (" + ours + " - 15 min.)");
    }
    return {};
}

}  // namespace

Result<void> verify_signature(const RequestView& request, const SignedRequest& signed_request,
                              const Credentials& credentials, std::string_view service, WallTime now,
                              SigningKeys& keys) {
    if (signed_request.credential.access_key_id != credentials.access_key_id) return unknown_key();
    if (!equal_secrets(signed_request.security_token, credentials.session_token)) return unknown_key();
    if (auto scope = check_scope(signed_request, service); !scope) return scope;
    if (auto time = check_time(signed_request, now); !time) return time;
    const auto canonical = canonical_request(request, signed_request.signed_headers);
    if (!canonical) return fail(canonical.error());
    const auto& scope = signed_request.credential.scope;
    const auto expected = crypto::to_hex(keys.of(credentials.secret_access_key, scope)
                                             .mac({string_to_sign(signed_request.amz_date, scope, *canonical)}));
    if (!equal_secrets(signed_request.signature, expected)) {
        return refused("signature.mismatch",
                       "The request signature we calculated does not match the signature you provided. Check your AWS "
                       "Secret Access Key and signing method.");
    }
    return {};
}

SignatureVerifier::SignatureVerifier(std::string service, std::vector<Credentials> known)
    : service_(std::move(service)) {
    known_.reserve(known.size());
    for (auto& credentials : known) known_.push_back({std::move(credentials), {}});
}

Result<ClaimedCredential> SignatureVerifier::verify(const RequestView& request, WallTime now) {
    auto read = read_signature(request);
    if (!read) return fail(std::move(read).error());
    const auto who = std::ranges::find(known_, read->credential.access_key_id,
                                       [](const Known& known) { return known.credentials.access_key_id; });
    if (who == known_.end()) return unknown_key();
    if (auto verified = verify_signature(request, *read, who->credentials, service_, now, who->keys); !verified) {
        return fail(std::move(verified).error());
    }
    return std::move(read)->credential;
}

}  // namespace orderflow::aws

// SignedRequest: what a request says about its signature, read but not yet verified (see sigv4_verifier.hpp).
//
// The codes of all errors of both, and what AWS answers in their place (sections "Common errors" of the SQS API
// reference, and what the service says):
//   unauthorized  "signature.missing"      MissingAuthenticationToken   nothing is signed
//   invalid_input "signature.incomplete"   IncompleteSignature          a part is missing, double, malformed, too long
//   unauthorized  "signature.unknown_key"  InvalidClientTokenId         nobody has that access key or session token
//   unauthorized  "signature.mismatch"     SignatureDoesNotMatch        the request is not the one that was signed
//   unauthorized  "signature.skewed"       SignatureDoesNotMatch        signed too long ago, or in the future
//   unauthorized  "signature.expired"      RequestExpired               the time of a presigned request is over
// Details are sentences for the client and repeat nothing but times.
#pragma once

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "libs/aws/sigv4.hpp"
#include "libs/base/clock.hpp"

namespace orderflow::aws {

inline constexpr std::chrono::seconds presigned_time_min = 1s;
inline constexpr std::chrono::seconds presigned_time_max = 604'800s;  // 7 days

// Bounds of the parts, in bytes; together with SigV4Limits they bound what a SignedRequest holds.
struct SignatureLimits {
    static constexpr std::size_t authorization = 8 * 1024;
    static constexpr std::size_t access_key_id = 128;
    static constexpr std::size_t region = 64;
    static constexpr std::size_t service = 64;
    static constexpr std::size_t signature = 128;
    static constexpr std::size_t security_token = 8 * 1024;
};

// Who says to have signed, and where it counts.
struct ClaimedCredential {
    std::string access_key_id;
    CredentialScope scope;
    friend bool operator==(const ClaimedCredential&, const ClaimedCredential&) = default;
};

struct SignedRequest {
    ClaimedCredential credential;
    std::vector<std::string> signed_headers;  // lower-case, sorted, without repetition; Host is among them
    std::string signature;                    // as sent
    std::string amz_date;                     // as sent
    WallTime signed_at{};
    std::optional<std::chrono::seconds> expires;  // of a presigned request alone
    std::string security_token;                   // empty without one
};

// From the header Authorization or from the query, whichever the request has; both at once are refused. The following
// have to be signed: Host, in the header form X-Amz-Date, and every other X-Amz- header, as X-Amz-Target names the
// action (stricter than AWS). Errors "signature.missing" and "signature.incomplete". Memory is bounded by the limits.
// Any thread.
Result<SignedRequest> read_signature(const RequestView& request);

// For servers without credentials, where every request is welcome: what the request says, read as far as it can be,
// whatever else is wrong with it. Nothing when it says nothing or it cannot be read. Never a reason to trust.
std::optional<ClaimedCredential> claimed_credential(const RequestView& request);

// The access key id and the scope in "AKID/20150830/us-east-1/sqs/aws4_request".
std::optional<ClaimedCredential> parse_credential(std::string_view text);

}  // namespace orderflow::aws

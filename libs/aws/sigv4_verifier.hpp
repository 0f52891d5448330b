// SignatureVerifier: says who signed a request, or why nobody that we know did.
#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "libs/aws/credentials.hpp"
#include "libs/aws/sigv4_signed_request.hpp"

namespace orderflow::aws {

// How far X-Amz-Date may be from our time, in both directions.
inline constexpr std::chrono::minutes clock_skew_max = 15min;

// Whether `request` was signed with `credentials` for `service`, at a time that still counts. The codes are those of
// sigv4_signed_request.hpp. Signatures and session tokens compare in constant time. `keys` belongs to this thread.
Result<void> verify_signature(const RequestView& request, const SignedRequest& signed_request,
                              const Credentials& credentials, std::string_view service, WallTime now,
                              SigningKeys& keys);

// For one thread: it remembers the keys of the day. Any region is accepted: what it means is the service's business.
class SignatureVerifier {
  public:
    // `known`: who may sign, each with another access key id. Without any, every request is refused.
    SignatureVerifier(std::string service, std::vector<Credentials> known);

    // Who signed, and for which region. All codes of sigv4_signed_request.hpp.
    Result<ClaimedCredential> verify(const RequestView& request, WallTime now);

  private:
    struct Known {
        Credentials credentials;
        SigningKeys keys;
    };

    std::string service_;
    std::vector<Known> known_;
};

}  // namespace orderflow::aws

// Signer: signs requests to one service in one region.
#pragma once

#include <chrono>
#include <string>

#include "libs/aws/credentials.hpp"
#include "libs/aws/http_header.hpp"
#include "libs/aws/sigv4.hpp"

namespace orderflow::aws {

// For one thread: it remembers the key of the day.
class Signer {
  public:
    Signer(std::string region, std::string service);

    // The headers to be added to the request: X-Amz-Date, X-Amz-Security-Token when there is a session token, and
    // Authorization; it has none of them yet. All headers of `request` are signed, so it has Host (an invariant) and
    // none that a proxy may change on the way. invalid_input "signature.incomplete": beyond SigV4Limits, or a broken
    // escape in the query.
    Result<HttpHeaders> headers(const RequestView& request, const Credentials& credentials, WallTime at);

    // The query string that replaces the request's; whoever has it can send the request until `expires` after `at`, and
    // has to send the headers of `request`, which usually is Host alone. 1 second to 7 days (an invariant). The same
    // errors.
    Result<std::string> presigned_query(const RequestView& request, const Credentials& credentials, WallTime at,
                                        std::chrono::seconds expires);

  private:
    CredentialScope scope_on(std::string_view amz_date) const;
    Result<std::string> signature(const RequestView& request, std::span<const std::string> signed_headers,
                                  const Credentials& credentials, std::string_view amz_date);

    std::string region_;
    std::string service_;
    SigningKeys keys_;
};

}  // namespace orderflow::aws

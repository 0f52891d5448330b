// AWS Signature Version 4, as far as both ends do the same: from a request to its canonical form, to the string that is
// signed, to the signature. Source: "Create a signed AWS API request" in AWS's IAM user guide.
//
// Of the variants this is that of every service but S3: the path as it was sent is normalised and escaped once more.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "libs/base/result.hpp"
#include "libs/crypto/digest.hpp"

namespace orderflow::aws {

inline constexpr std::string_view sigv4_algorithm = "AWS4-HMAC-SHA256";
inline constexpr std::string_view sigv4_terminator = "aws4_request";

struct HeaderView {
    std::string_view name;  // compares without case
    std::string_view value;
};

// A request as it is on the wire; what it refers to outlives it.
struct RequestView {
    std::string_view method;                   // upper-case, as sent
    std::string_view path;                     // as sent: not decoded, without query; empty means "/"
    std::string_view query = {};               // as sent, without '?'
    std::span<const HeaderView> headers = {};  // a name may occur more than once
    std::string_view payload_sha256;           // of the body as sent, in lower-case hexadecimal digits
};

// Where a derived key is good for.
struct CredentialScope {
    std::string date;  // YYYYMMDD
    std::string region;
    std::string service;

    // "20150830/us-east-1/sqs/aws4_request"
    std::string text() const;
    friend bool operator==(const CredentialScope&, const CredentialScope&) = default;
};

// What one request may take of memory and time when it is brought into its canonical form.
struct SigV4Limits {
    static constexpr std::size_t path_bytes = 8 * 1024;
    static constexpr std::size_t query_bytes = 16 * 1024;
    static constexpr std::size_t query_parameters = 1024;
    static constexpr std::size_t headers = 128;
    static constexpr std::size_t header_bytes = 64 * 1024;  // names and values together
    static constexpr std::size_t signed_headers = 64;
};

// invalid_input "signature.incomplete" when the request is beyond SigV4Limits.
Result<void> check_limits(const RequestView& request);

// The canonical request (its hash is what is signed). `signed_headers`: lower-case, sorted, without repetition, each of
// them in the request. A '+' in the query is a blank, as the services read it; X-Amz-Signature is left out. Errors:
// invalid_input "signature.incomplete" (an escape in the query is broken, beyond the limits), unauthorized
// "signature.mismatch" (a signed header is not there).
Result<std::string> canonical_request(const RequestView& request, std::span<const std::string> signed_headers);

// `amz_date`: YYYYMMDDTHHMMSSZ.
std::string string_to_sign(std::string_view amz_date, const CredentialScope& scope, std::string_view canonical_request);

// The key that signs in this scope.
crypto::Sha256 derive_signing_key(std::string_view secret_access_key, const CredentialScope& scope);

// "host;x-amz-date"
std::string join_names(std::span<const std::string> signed_headers);

// Derived keys, the last one remembered: it changes once a day. For one thread.
class SigningKeys {
  public:
    // Valid until the next call.
    const crypto::HmacKey& of(std::string_view secret_access_key, const CredentialScope& scope);

  private:
    std::string secret_;
    CredentialScope scope_;
    std::optional<crypto::HmacKey> key_;
};

}  // namespace orderflow::aws

// RequestAuthenticator: who may use the queues, and in which region.
#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <string>

#include "libs/aws/sigv4_verifier.hpp"
#include "libs/net/request.hpp"
#include "queue-service/protocol/sqs_error.hpp"

namespace orderflow::sqs {

// Any thread.
class RequestAuthenticator {
  public:
    virtual ~RequestAuthenticator() = default;
    // The region of the credential scope. MissingAuthenticationToken, IncompleteSignature, InvalidClientTokenId,
    // SignatureDoesNotMatch, RequestExpired, AccessDenied.
    virtual Outcome<std::string> authenticate(const net::Request& request) = 0;
};

// Without credentials: any signature or none, from this machine alone and to a name of it, and not from a page in its
// browser, which could otherwise be made to send forms here by any site it shows, under a name of that site too. The
// region is what the signature says, else us-east-1.
class LoopbackOnly final : public RequestAuthenticator {
  public:
    Outcome<std::string> authenticate(const net::Request& request) override;
};

// With credentials: every request is signed with one of them, Signature Version 4, in the header or in the query.
class SignedOnly final : public RequestAuthenticator {
  public:
    // `clock` outlives it.
    SignedOnly(std::vector<aws::Credentials> known, const Clock& clock) : known_(std::move(known)), clock_(clock) {}

    Outcome<std::string> authenticate(const net::Request& request) override;

  private:
    aws::SignatureVerifier& verifier_of(const Executor* loop);

    std::vector<aws::Credentials> known_;
    const Clock& clock_;
    std::mutex mutex_;  // of the map: each verifier is used by its loop alone
    std::map<const Executor*, std::unique_ptr<aws::SignatureVerifier>> verifiers_;
};

}  // namespace orderflow::sqs

// SpanSigner: signs exports of spans with SigV4, as AWS X-Ray's OTLP endpoint wants them (service "xray").
#pragma once

#include <memory>
#include <string>

#include "libs/async/task.hpp"
#include "libs/aws/sigv4_signer.hpp"
#include "libs/base/result.hpp"
#include "libs/net/http_pool.hpp"
#include "programs/aws_identity.hpp"
#include "programs/telemetry_settings.hpp"

namespace orderflow {

// Signs the request: adds X-Amz-Date, Authorization and, with temporary credentials, X-Amz-Security-Token. All fields
// that it has are signed, but User-Agent, which proxies change. Errors: Signer::headers().
Result<void> sign_request(net::ClientRequest& request, aws::Signer& signer, const aws::Credentials& credentials,
                          WallTime at);

// For one loop.
class SpanSigner {
  public:
    // All outlive it, except the loop after close().
    struct Parts {
        net::Runtime& loop;
        const Clock& clock;
        Entropy& entropy;
        const observe::Logger& log;
    };
    // Asks nobody yet. Errors: AwsIdentity::open().
    static Result<std::unique_ptr<SpanSigner>> open(Parts parts, const TraceSigning& signing);
    SpanSigner(const SpanSigner&) = delete;
    SpanSigner& operator=(const SpanSigner&) = delete;

    // With the credentials of the moment. `request` outlives it: the caller waits. Errors: those of the credential
    // chain, and of sign_request().
    task<Result<void>> sign(net::ClientRequest& request, Instant deadline);

    // AWS_CA_BUNDLE, or nothing.
    std::string ca_bundle() const;

    // When the loop has stopped and is still there.
    void close() { identity_->close(); }

  private:
    SpanSigner(Parts parts, const TraceSigning& signing);

    Parts parts_;
    Environment environment_;
    aws::Signer signer_;
    std::unique_ptr<AwsIdentity> identity_;
};

}  // namespace orderflow

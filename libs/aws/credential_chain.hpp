// CredentialChain: the places that the AWS SDKs look for credentials in, in their order.
#pragma once

#include <memory>
#include <vector>

#include "libs/aws/credential_source.hpp"

namespace orderflow::aws {

// Asks one after another. The first place that is set up decides, also when it fails: a program must not act as
// somebody else because its own place is out of order. When none is, "credentials.not_configured" says what each lacks.
class CredentialChain final : public CredentialSource {
  public:
    explicit CredentialChain(std::vector<std::unique_ptr<CredentialSource>> sources);
    task<Result<Credentials>> fetch() override;

  private:
    std::vector<std::unique_ptr<CredentialSource>> sources_;
};

// Environment, web identity, shared config and credentials files, container, EC2 instance. The surroundings outlive the
// chain.
CredentialChain standard_chain(const Surroundings& surroundings);

}  // namespace orderflow::aws

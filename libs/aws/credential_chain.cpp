#include "libs/aws/credential_chain.hpp"

#include <string>
#include <utility>

#include "libs/aws/local_credentials.hpp"
#include "libs/aws/role_credentials.hpp"

namespace orderflow::aws {

CredentialChain::CredentialChain(std::vector<std::unique_ptr<CredentialSource>> sources)
    : sources_(std::move(sources)) {}

task<Result<Credentials>> CredentialChain::fetch() {
    std::string lacks;
    for (const auto& source : sources_) {
        auto found = co_await source->fetch();
        if (found || found.error().code() != "credentials.not_configured") co_return found;
        lacks += (lacks.empty() ? "" : "; ") + found.error().detail();
    }
    co_return fail(ErrorKind::not_found, "credentials.not_configured", "No AWS credentials: " + lacks + ".");
}

CredentialChain standard_chain(const Surroundings& surroundings) {
    std::vector<std::unique_ptr<CredentialSource>> sources;
    sources.push_back(std::make_unique<EnvironmentCredentials>(surroundings));
    sources.push_back(std::make_unique<WebIdentityCredentials>(surroundings));
    sources.push_back(std::make_unique<ProfileCredentials>(surroundings));
    sources.push_back(std::make_unique<ContainerCredentials>(surroundings));
    sources.push_back(std::make_unique<InstanceCredentials>(surroundings));
    return CredentialChain(std::move(sources));
}

}  // namespace orderflow::aws

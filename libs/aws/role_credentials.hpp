// Credentials of a role that this program was given: by a web identity token, by its container, by its instance.
#pragma once

#include <string>

#include "libs/aws/credential_source.hpp"

namespace orderflow::aws {

// How long each exchange may take. The first two are on this machine.
struct CredentialTimes {
    static constexpr BootClock::duration container = 2s;
    static constexpr BootClock::duration instance = 1s;  // elsewhere than on EC2 nobody answers
    static constexpr BootClock::duration sts = 5s;
};

// AssumeRoleWithWebIdentity of STS, with AWS_WEB_IDENTITY_TOKEN_FILE (read anew each time: it is rotated), AWS_ROLE_ARN
// and AWS_ROLE_SESSION_NAME. STS is at AWS_ENDPOINT_URL_STS, else AWS_ENDPOINT_URL, else that of the configured region,
// else the global one. The surroundings outlive this.
class WebIdentityCredentials final : public CredentialSource {
  public:
    explicit WebIdentityCredentials(const Surroundings& surroundings) : surroundings_(surroundings) {}
    task<Result<Credentials>> fetch() override;

  private:
    Result<HttpAsk> question() const;

    const Surroundings& surroundings_;
};

// The endpoint of ECS, EKS Pod Identity and others: AWS_CONTAINER_CREDENTIALS_RELATIVE_URI, else
// AWS_CONTAINER_CREDENTIALS_FULL_URI, which has to be https, loopback, or one of the two services' own addresses:
// anything else could read the token on the way. Authorization is the content of
// AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE, else AWS_CONTAINER_AUTHORIZATION_TOKEN. The surroundings outlive this.
class ContainerCredentials final : public CredentialSource {
  public:
    explicit ContainerCredentials(const Surroundings& surroundings) : surroundings_(surroundings) {}
    task<Result<Credentials>> fetch() override;

  private:
    Result<HttpAsk> question() const;

    const Surroundings& surroundings_;
};

// The role of the EC2 instance, by version 2 of its metadata service alone. AWS_EC2_METADATA_DISABLED=true leaves it
// out; AWS_EC2_METADATA_SERVICE_ENDPOINT is another address. The surroundings outlive this.
class InstanceCredentials final : public CredentialSource {
  public:
    explicit InstanceCredentials(const Surroundings& surroundings) : surroundings_(surroundings) {}
    task<Result<Credentials>> fetch() override;

  private:
    task<Result<std::string>> get(HttpUrl url, std::string token);

    const Surroundings& surroundings_;
};

}  // namespace orderflow::aws

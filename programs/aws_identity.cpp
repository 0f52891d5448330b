#include "programs/aws_identity.hpp"

#include <utility>

#include "libs/async/spawner.hpp"

namespace orderflow {

Result<std::unique_ptr<AwsIdentity>> AwsIdentity::open(Parts parts) {
    std::unique_ptr<AwsIdentity> identity(new AwsIdentity(parts));
    if (auto opened = identity->open(); !opened) return fail(std::move(opened).error());
    return identity;
}

Result<void> AwsIdentity::open() {
    net::HttpPoolSettings settings;
    auto proxies = net::ProxySettings::from(parts_.environment);
    if (!proxies) return fail(std::move(proxies).error());
    settings.proxies = *std::move(proxies);
    if (const auto bundle = parts_.environment.find("AWS_CA_BUNDLE"); bundle != parts_.environment.end()) {
        settings.ca_bundle = bundle->second;
    }
    auto pool = net::HttpPool::create({parts_.loop.loop(), parts_.loop.executor(), parts_.clock}, std::move(settings));
    if (!pool) return fail(std::move(pool).error());
    pool_ = *std::move(pool);
    transport_ = std::make_unique<aws::PooledHttpTransport>(*pool_);
    surroundings_ = std::make_unique<aws::Surroundings>(
        aws::Surroundings{[this](std::string_view name) -> std::optional<std::string> {
                              const auto found = parts_.environment.find(name);
                              if (found == parts_.environment.end()) return std::nullopt;
                              return found->second;
                          },
                          files_, *transport_, parts_.clock});
    chain_ = std::make_unique<aws::CredentialChain>(aws::standard_chain(*surroundings_));
    aws::CredentialObserver& observer = *this;
    cache_ = std::make_unique<aws::CredentialCache>(*chain_, parts_.clock, parts_.loop.executor(),
                                                    Spawner(parts_.loop.loop()), parts_.entropy, observer);
    return {};
}

void AwsIdentity::close() {
    cache_->close();
    pool_->close_idle();
}

void AwsIdentity::refreshed(const std::string& origin, std::optional<WallTime> /*expires_at*/) {
    parts_.log.info("aws.credentials", {{"origin", origin}});
}

void AwsIdentity::refresh_failed(const Error& error, BootClock::duration /*retry_in*/,
                                 std::optional<WallTime> /*good_until*/) {
    if (needs_none_ && error.code() == "credentials.not_configured") return;
    parts_.log.warn("aws.credentials_failed", {{"code", error.code()}});
}

}  // namespace orderflow

// AwsIdentity: who this process is for AWS, and how it reaches it: the standard credential chain with its cache, and
// the HTTP transport that it and its owner's calls share, on one loop.
#pragma once

#include <memory>

#include "libs/aws/credential_cache.hpp"
#include "libs/aws/credential_chain.hpp"
#include "libs/aws/pooled_http_transport.hpp"
#include "libs/aws/system_file_reader.hpp"
#include "libs/base/entropy.hpp"
#include "libs/base/settings.hpp"
#include "libs/net/http_pool.hpp"
#include "libs/net/runtime.hpp"
#include "libs/observe/log.hpp"

namespace orderflow {

class AwsIdentity final : private aws::CredentialObserver {
  public:
    // All outlive it, except the loop after close().
    struct Parts {
        net::Runtime& loop;  // its first core
        const Clock& clock;
        Entropy& entropy;
        const observe::Logger& log;
        const Environment& environment;
    };

    // Asks nobody yet. invalid_input: those of ProxySettings::from and HttpPool::create.
    static Result<std::unique_ptr<AwsIdentity>> open(Parts parts);
    ~AwsIdentity() override = default;
    AwsIdentity(const AwsIdentity&) = delete;
    AwsIdentity& operator=(const AwsIdentity&) = delete;

    // Both on the loop.
    aws::HttpTransport& transport() { return *transport_; }
    task<Result<aws::Credentials>> credentials(Instant deadline) { return cache_->get(deadline); }

    // Before the first credentials(): that none are configured is then nothing to log.
    void needs_none() { needs_none_ = true; }

    // When the loop has stopped and is still there: its timers and connections go. What waits on the loop still refers
    // to this, so the loop is destroyed first, or never.
    void close();

  private:
    explicit AwsIdentity(Parts parts) : parts_(parts) {}
    Result<void> open();

    void refreshed(const std::string& origin, std::optional<WallTime> expires_at) override;
    void refresh_failed(const Error& error, BootClock::duration retry_in, std::optional<WallTime> good_until) override;

    Parts parts_;
    std::unique_ptr<net::HttpPool> pool_;
    std::unique_ptr<aws::PooledHttpTransport> transport_;
    aws::SystemFileReader files_;
    std::unique_ptr<aws::Surroundings> surroundings_;
    std::unique_ptr<aws::CredentialChain> chain_;
    std::unique_ptr<aws::CredentialCache> cache_;
    bool needs_none_ = false;
};

}  // namespace orderflow

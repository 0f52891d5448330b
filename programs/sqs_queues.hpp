// SqsQueues: the three queues of the system over the Amazon SQS protocol: credentials, connections and adapters, on one
// loop.
#pragma once

#include <future>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "libs/aws/credential_cache.hpp"
#include "libs/aws/credential_chain.hpp"
#include "libs/aws/pooled_http_transport.hpp"
#include "libs/aws/sqs_message_queue.hpp"
#include "libs/aws/system_file_reader.hpp"
#include "libs/base/settings.hpp"
#include "libs/net/http_pool.hpp"
#include "libs/net/runtime.hpp"
#include "libs/observe/log.hpp"
#include "libs/orders/ports/queue_names.hpp"
#include "programs/queue_probe.hpp"
#include "programs/settings.hpp"

namespace orderflow {

class SqsQueues final : private aws::CredentialObserver {
  public:
    // All outlive it, except the loop after close().
    struct Parts {
        net::Runtime& loop;  // its first core
        const Clock& clock;
        Entropy& entropy;
        const observe::Logger& log;
        const Environment& environment;
    };

    // Asks nobody yet. invalid_input: those of SqsEndpoint::resolve, ProxySettings::from and HttpPool::create.
    static Result<std::unique_ptr<SqsQueues>> open(Parts parts, const QueueUrls& urls);

    // When the loop has stopped and is still there: its timers and connections go. What waits on the loop still refers
    // to this, so the loop is destroyed first, or never.
    void close();

    orders::MessageQueue& orders() { return *orders_; }
    orders::MessageQueue& commands() { return *commands_; }
    orders::MessageQueue& dead_letters() { return *dead_letters_; }

    // All three.
    std::vector<NamedQueue> named() const {
        return {{orders::orders_queue, *orders_},
                {orders::commands_queue, *commands_},
                {orders::letters_queue, *dead_letters_}};
    }

    // ask_queues() of all three. Blocks; the loop runs.
    std::vector<QueueAnswer> ask_all(BootClock::duration within);

    // For --check: asks all three, then says for people where requests go, for which region they are signed, where the
    // credentials come from, and what each queue answered. No secrets. Blocks; the loop runs.
    struct Checked {
        std::string text;
        bool all_good = false;
    };
    Checked check();

  private:
    explicit SqsQueues(Parts parts);
    Result<void> open(const QueueUrls& urls);
    Result<std::unique_ptr<aws::SqsMessageQueue>> open_queue(const std::string& name, const std::string& url);
    task<Result<aws::Credentials>> credentials(Instant deadline);
    std::string description() const;
    // `found` outlives it: the caller waits.
    task<void> find_origin(std::promise<Result<std::string>>& found);

    void refreshed(const std::string& origin, std::optional<WallTime> expires_at) override;
    void refresh_failed(const Error& error, BootClock::duration retry_in, std::optional<WallTime> good_until) override;

    Parts parts_;
    std::unique_ptr<net::HttpPool> pool_;
    std::unique_ptr<aws::PooledHttpTransport> transport_;
    aws::SystemFileReader files_;
    std::unique_ptr<aws::Surroundings> surroundings_;
    std::unique_ptr<aws::CredentialChain> chain_;
    std::unique_ptr<aws::CredentialCache> cache_;
    bool all_local_ = true;  // every queue is on this machine: then requests need no credentials
    std::map<std::string, aws::SqsEndpoint> endpoints_;
    std::unique_ptr<aws::SqsMessageQueue> orders_;
    std::unique_ptr<aws::SqsMessageQueue> commands_;
    std::unique_ptr<aws::SqsMessageQueue> dead_letters_;
};

}  // namespace orderflow

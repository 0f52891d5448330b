// SqsQueues: the three queues of the system over the Amazon SQS protocol: credentials, connections and adapters, on one
// loop.
#pragma once

#include <future>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "libs/aws/sqs_message_queue.hpp"
#include "libs/orders/ports/queue_names.hpp"
#include "programs/aws_identity.hpp"
#include "programs/queue_probe.hpp"
#include "programs/settings.hpp"

namespace orderflow {

class SqsQueues final {
  public:
    using Parts = AwsIdentity::Parts;

    // Asks nobody yet. invalid_input: those of SqsEndpoint::resolve and AwsIdentity::open.
    static Result<std::unique_ptr<SqsQueues>> open(Parts parts, const QueueUrls& urls);

    // AwsIdentity::close().
    void close() { identity_->close(); }

    orders::MessageQueue& orders() { return *orders_; }
    orders::MessageQueue& commands() { return *commands_; }
    orders::MessageQueue& dead_letters() { return *dead_letters_; }

    // For requests to one of them that the port does not know; it goes before this. On the loop.
    std::unique_ptr<aws::SqsCaller> make_caller(const std::string& name, const aws::SqsRetryPolicy& policy);

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
    aws::SqsCaller::Parts caller_parts();
    Result<std::unique_ptr<aws::SqsMessageQueue>> open_queue(const std::string& name, const std::string& url);
    task<Result<aws::Credentials>> credentials(Instant deadline);
    std::string description() const;
    // `found` outlives it: the caller waits.
    task<void> find_origin(std::promise<Result<std::string>>& found);

    Parts parts_;
    std::unique_ptr<AwsIdentity> identity_;
    bool all_local_ = true;  // every queue is on this machine: then requests need no credentials
    std::map<std::string, aws::SqsEndpoint> endpoints_;
    std::unique_ptr<aws::SqsMessageQueue> orders_;
    std::unique_ptr<aws::SqsMessageQueue> commands_;
    std::unique_ptr<aws::SqsMessageQueue> dead_letters_;
};

}  // namespace orderflow

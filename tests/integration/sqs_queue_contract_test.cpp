// The contract of the queue port over real sockets: our client, our server, its journal; all on one loop, in virtual
// time.
#include <memory>
#include <optional>

#include "libs/aws/pooled_http_transport.hpp"
#include "libs/aws/sqs_message_queue.hpp"
#include "libs/net/http_core.hpp"
#include "queue-service/journal/journal_rig.hpp"
#include "queue-service/protocol/sqs_handler.hpp"
#include "tests/contract/message_queue_contract.hpp"
#include "tests/integration/http_test_server.hpp"

namespace orderflow::aws {
namespace {

class SqsAdapter {
  public:
    SqsAdapter() {
        rig_.open();
        rig_.create("orders-dlq");
        rig_.create("orders", {.redrive = queue::RedrivePolicy{"orders-dlq", 3}});
        directory_.emplace(rig_.queues());
        handler_.emplace(*directory_, authenticator_, entropy_, "000000000000");
        router_.emplace(std::vector<net::Route>{
            {.method = net::Method::post,
             .pattern = "/",
             .handler = [this](const net::Request& request) { return (*handler_)(request); },
             .name = "sqs",
             .options = {.body_bytes = 4 * 1024 * 1024, .ends_with_peer = sqs::may_wait_long}}});
        const auto executor = rig_.loop().context().get_executor();
        auto acceptor = net::HttpAcceptor::open(executor, {.host = "127.0.0.1", .port = 0}, 30s).value();
        const auto port = acceptor.bound().port;
        core_ = std::make_shared<net::HttpCore>(net::HttpCore::Parts{.loop = executor,
                                                                     .executor = rig_.loop(),
                                                                     .clock = rig_.loop().clock(),
                                                                     .entropy = entropy_,
                                                                     .router = *router_,
                                                                     .observer = observer_,
                                                                     .limits = {},
                                                                     .acceptor = std::move(acceptor)});
        core_->start();
        pool_ =
            net::HttpPool::create({.loop = executor, .timers = rig_.loop(), .clock = rig_.loop().clock()}, {}).value();
        transport_.emplace(*pool_);
        queue_ = client_of("http://127.0.0.1:" + std::to_string(port) + "/000000000000/orders");
        dead_letters_ = client_of("http://127.0.0.1:" + std::to_string(port) + "/000000000000/orders-dlq");
    }

    orders::MessageQueue& queue() { return *queue_; }
    orders::MessageQueue& dead_letters() { return *dead_letters_; }
    std::string name() const { return "orders"; }

    // Time passes only when nothing comes over the sockets for a moment.
    template <class T>
    T run(task<T> work) {
        std::optional<T> out;
        rig_.loop().spawn(store(std::move(work), out));
        settle();
        while (!out && rig_.loop().next_timer()) {
            rig_.loop().advance(*rig_.loop().next_timer() - rig_.loop().clock().now());
            settle();
        }
        return std::move(out).value();
    }
    void spawn(task<void> work) { rig_.loop().spawn(std::move(work)); }
    void settle() {
        do {
            rig_.loop().run_ready();
            rig_.loop().context().restart();
        } while (rig_.loop().context().run_one_for(std::chrono::milliseconds(5)) > 0);
        rig_.loop().run_ready();
    }
    void pass(BootClock::duration by) {
        settle();
        rig_.loop().advance(by);
        settle();
    }

  private:
    template <class T>
    static task<void> store(task<T> work, std::optional<T>& out) {
        out.emplace(co_await std::move(work));
    }
    static task<Result<Credentials>> anybody() {
        co_return Credentials{.access_key_id = "test", .secret_access_key = "test"};
    }
    std::unique_ptr<SqsMessageQueue> client_of(const std::string& url) {
        SqsQueueOptions options;
        options.stop_grace = 0s;  // a stop ends the poll without time passing
        return std::make_unique<SqsMessageQueue>(Spawner(rig_.loop().context().get_executor()),
                                                 SqsCaller::Parts{*transport_, [](Instant) { return anybody(); },
                                                                  rig_.loop(), rig_.loop().clock(), entropy_},
                                                 SqsEndpoint::resolve(url, {{"AWS_REGION", "us-east-1"}}).value(),
                                                 options);
    }

    SeededEntropy entropy_{2};
    net::RecordingObserver observer_;
    sqs::LoopbackOnly authenticator_;
    std::optional<sqs::QueueDirectory> directory_;
    std::optional<sqs::SqsHandler> handler_;
    std::optional<net::Router> router_;
    // The loop is in it: what waits there refers to what stands above, and what stands below has sockets on it.
    queue::JournalRig rig_;
    std::shared_ptr<net::HttpCore> core_;
    std::unique_ptr<net::HttpPool> pool_;
    std::optional<PooledHttpTransport> transport_;
    std::unique_ptr<SqsMessageQueue> queue_;
    std::unique_ptr<SqsMessageQueue> dead_letters_;
};

}  // namespace
}  // namespace orderflow::aws

namespace orderflow::orders {
INSTANTIATE_TYPED_TEST_SUITE_P(SqsOverHttp, MessageQueueContract, aws::SqsAdapter);
}

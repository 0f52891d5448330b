// The SQS endpoint over real sockets: a journal on disk, a writer thread, an HTTP server, clients that send bytes.
#include <gtest/gtest.h>

#include <stdexcept>

#include "libs/base/system_clock.hpp"
#include "libs/base/thread_executor.hpp"
#include "libs/testing/http_test_client.hpp"
#include "libs/testing/temp_dir.hpp"
#include "queue-service/protocol/sqs_endpoint.hpp"
#include "tests/integration/http_test_server.hpp"

namespace orderflow::sqs {
namespace {

class SqsServer {
  public:
    SqsServer() : writer_(clock_, "queue-writer"), runtime_(clock_, 2) {
        queue::DurableQueuesOptions options;
        options.journal.path = dir_ / "queue.db";
        queues_ = queue::DurableQueues::open(std::move(options), writer_, clock_, entropy_).value();
        endpoint_.emplace(SqsEndpoint::Parts{.runtime = runtime_,
                                             .clock = clock_,
                                             .entropy = entropy_,
                                             .queues = *queues_,
                                             .authenticator = authenticator_,
                                             .observer = observer_},
                          SqsEndpointConfig{.listen = {.host = "127.0.0.1", .port = 0}});
        runtime_.start();
        const auto started = endpoint_->start();
        if (!started) throw std::runtime_error(started.error().detail());
    }
    ~SqsServer() {
        endpoint_->stop(1s);
        runtime_.stop();
        writer_.stop();
    }
    SqsServer(const SqsServer&) = delete;
    SqsServer& operator=(const SqsServer&) = delete;

    HttpTestClient connect() const { return HttpTestClient(endpoint_->bound().port); }
    SqsEndpoint& endpoint() { return *endpoint_; }

    static std::string post(const std::string& path, const std::string& fields, const std::string& body) {
        return "POST " + path + " HTTP/1.1\r\nHost: 127.0.0.1:9324\r\n" + fields +
               "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
    }
    static std::string json(const std::string& action, const std::string& body) {
        return post("/", "Content-Type: application/x-amz-json-1.0\r\nX-Amz-Target: AmazonSQS." + action + "\r\n",
                    body);
    }
    static std::string form(const std::string& body, const std::string& path = "/") {
        return post(path, "Content-Type: application/x-www-form-urlencoded\r\n", body);
    }

  private:
    TempDir dir_;
    SystemClock clock_;
    net::SharedEntropy entropy_;
    ThreadExecutor writer_;
    net::Runtime runtime_;
    net::RecordingObserver observer_;
    LoopbackOnly authenticator_;
    std::unique_ptr<queue::DurableQueues> queues_;
    std::optional<SqsEndpoint> endpoint_;
};

const std::string orders_url = R"("QueueUrl":"http://127.0.0.1:9324/000000000000/orders")";

TEST(SqsOverSockets, GivenAMessageSentAsJson_WhenReceivedAsForm_ThenBothProtocolsSeeOneQueue) {
    SqsServer server;
    auto client = server.connect();
    EXPECT_EQ(client.ask(SqsServer::json("CreateQueue", R"({"QueueName":"orders"})"))->body,
              R"({"QueueUrl":"http://127.0.0.1:9324/000000000000/orders"})");
    EXPECT_EQ(client.ask(SqsServer::json("SendMessage", "{" + orders_url + R"(,"MessageBody":"hello"})"))->status,
              200U);

    const auto received = client.ask(SqsServer::form("Action=ReceiveMessage", "/000000000000/orders")).value();

    EXPECT_EQ(received.field("content-type"), "text/xml");
    EXPECT_NE(received.body.find("<Body>hello</Body>"), std::string::npos) << received.body;
}

TEST(SqsOverSockets, GivenALongPoll_WhenAnotherConnectionSends_ThenItIsAnswered) {
    SqsServer server;
    auto sender = server.connect();
    sender.ask(SqsServer::json("CreateQueue", R"({"QueueName":"orders"})"));
    auto receiver = server.connect();
    receiver.send(SqsServer::json("ReceiveMessage", "{" + orders_url + R"(,"WaitTimeSeconds":9})"));

    sender.ask(SqsServer::json("SendMessage", "{" + orders_url + R"(,"MessageBody":"hello"})"));

    EXPECT_NE(receiver.read_response()->body.find(R"("Body":"hello")"), std::string::npos);
}

TEST(SqsOverSockets, GivenALongPoll_WhenTheServerStops_ThenItIsAnsweredEmptyAtOnce) {
    SqsServer server;
    auto client = server.connect();
    client.ask(SqsServer::json("CreateQueue", R"({"QueueName":"orders"})"));
    client.send(SqsServer::json("ReceiveMessage", "{" + orders_url + R"(,"WaitTimeSeconds":20})"));

    const bool all_answered = server.endpoint().stop(5s);

    EXPECT_TRUE(all_answered);
    EXPECT_EQ(client.read_response()->body, "{}");
}

TEST(SqsOverSockets, GivenTheLargestMessage_WhenSentWithEscapes_ThenItIsTaken) {
    SqsServer server;
    auto client = server.connect();
    client.ask(SqsServer::json("CreateQueue", R"({"QueueName":"orders"})"));
    std::string escaped;
    for (std::size_t i = 0; i < 1024 * 1024; ++i) escaped += "%41";

    const auto sent =
        client.ask(SqsServer::form("Action=SendMessage&MessageBody=" + escaped, "/000000000000/orders")).value();

    EXPECT_EQ(sent.status, 200U) << sent.body.substr(0, 300);
}

TEST(SqsOverSockets, GivenABodyBeyondTheLimit_WhenAnnounced_ThenItIsRefusedBeforeItIsRead) {
    SqsServer server;
    auto client = server.connect();

    client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 9000000\r\n\r\n");

    EXPECT_EQ(client.read_response()->status, 413U);
}

TEST(SqsOverSockets, GivenProbes_WhenAsked_ThenHealthAndReadinessAreTold) {
    SqsServer server;
    auto client = server.connect();
    EXPECT_EQ(client.ask("GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n")->body, R"({"status":"ok"})");
    EXPECT_EQ(client.ask("GET /readyz HTTP/1.1\r\nHost: a\r\n\r\n")->status, 200U);

    server.endpoint().begin_drain();

    EXPECT_EQ(client.ask("GET /readyz HTTP/1.1\r\nHost: a\r\n\r\n")->status, 503U);
    EXPECT_EQ(client.ask("GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n")->status, 200U);
}

}  // namespace
}  // namespace orderflow::sqs

// Goal: the three services as processes of their own, over the Amazon SQS protocol, keep the same promise as one
// program: kill -9 of any of them loses nothing and doubles nothing.
// Method: clients place orders and repeat each with the same key until they have an answer; meanwhile one service after
// the other is killed and started again. In the end every acknowledged order is confirmed, and the stock is less by
// just these.
#include "tests/e2e/services.hpp"

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <sys/socket.h>
#include <unistd.h>

#include <filesystem>
#include <set>
#include <stdexcept>
#include <string>
#include <vector>

namespace orderflow::e2e {
namespace {

// Listens and accepts nobody: the kernel completes the connections, and nothing answers on them.
class SilentSocket {
  public:
    SilentSocket() : fd_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        socklen_t size = sizeof address;
        auto* const any = reinterpret_cast<sockaddr*>(&address);
        if (::bind(fd_, any, size) != 0 || ::listen(fd_, 64) != 0 || ::getsockname(fd_, any, &size) != 0) {
            throw std::runtime_error("no socket");
        }
        port_ = ntohs(address.sin_port);
    }
    ~SilentSocket() { ::close(fd_); }
    SilentSocket(const SilentSocket&) = delete;
    SilentSocket& operator=(const SilentSocket&) = delete;
    std::uint16_t port() const { return port_; }
    // False when nobody comes within ten seconds.
    bool wait_for_a_connection() const {
        pollfd someone{.fd = fd_, .events = POLLIN, .revents = 0};
        return ::poll(&someone, 1, 10'000) == 1;
    }

  private:
    int fd_;
    std::uint16_t port_ = 0;
};

TEST(Services, GivenAnOrder_WhenPlaced_ThenItIsConfirmed_AndEachServiceSaysThatItIsWell) {
    Services services;
    const auto client = services.client();

    const auto answer = client.post_order("services-test-single", order_body({{std::string(sku), 1}}));

    ASSERT_EQ(answer.status, 202) << answer.body;
    EXPECT_EQ(client.wait_until_settled(answer.text("id")), "confirmed");
    for (const auto name : {Services::Name::queue, Services::Name::worker, Services::Name::api}) {
        const ShopClient service(services.port(name));
        EXPECT_EQ(service.get("/healthz").status, 200);
        EXPECT_EQ(service.get("/readyz").status, 200);
        EXPECT_NE(service.get("/metrics").body.find("orderflow_"), std::string::npos);
    }
}

TEST(Services, GivenSigterm_WhenStoppedInAnyOrder_ThenEachEndsWithZero) {
    Services services;
    for (const auto name : {Services::Name::queue, Services::Name::worker, Services::Name::api}) {
        services.process(name).terminate();
        EXPECT_EQ(services.process(name).wait(), 0) << services.process(name).stderr_text();
    }
}

TEST(Services, GivenKillNineOfEachInTurn_WhenStartedAgain_ThenNothingIsLostOrDoubled) {
    Services services;
    const auto before = services.client().available(sku);
    std::vector<std::string> acknowledged;
    {
        Buyers buyers(services);
        for (int round = 0; round < 2; ++round) {
            for (const auto name : {Services::Name::worker, Services::Name::queue, Services::Name::api}) {
                buyers.wait_for_more(30);
                services.kill(name);
                services.start(name);
            }
        }
        buyers.wait_for_more(30);
        acknowledged = buyers.stop();
    }
    const auto client = services.client();

    // What the killed worker held comes again when its visibility timeout of 60 s is over.
    for (const auto& id : acknowledged) EXPECT_EQ(client.wait_until_settled(id), "confirmed") << id;
    EXPECT_EQ(std::set(acknowledged.begin(), acknowledged.end()).size(), acknowledged.size());
    EXPECT_EQ(before - client.available(sku), static_cast<std::int64_t>(acknowledged.size()));
}

TEST(Services, GivenAWrongSetting_WhenChecked_ThenItSaysSoAndHowToDoBetter) {
    ServerProcess process({{"ORDERFLOW_SQS_LISTEN", "0.0.0.0:0"}}, {}, {"--check"}, "queue-service");

    EXPECT_EQ(process.wait(), 2);
    EXPECT_NE(process.stderr_text().find("ORDERFLOW_SQS_ACCESS_KEY_ID"), std::string::npos) << process.stderr_text();
}

TEST(Services, GivenNoQueueService_WhenTheWorkerIsChecked_ThenItNamesEachQueueThatDoesNotAnswer) {
    const TempDir dir;
    ServerProcess process({{"ORDERFLOW_DATA_DIR", dir.path().string()},
                           {"ORDERFLOW_QUEUE_URL", "http://127.0.0.1:1/000000000000/orders"}},
                          {}, {"--check"}, "worker-service");

    EXPECT_EQ(process.wait(), 1);
    EXPECT_NE(process.stdout_text().find("orders-dlq"), std::string::npos) << process.stdout_text();
    EXPECT_NE(process.stdout_text().find("queue.down"), std::string::npos) << process.stdout_text();
}

// Method: a socket that listens and accepts nobody; the kernel completes the connection and nothing answers on it.
TEST(Services, GivenAnAddressThatNeverAnswers_WhenChecked_ThenItEndsWithinTenSecondsAndNamesTheQueues) {
    const TempDir dir;
    const SilentSocket silent;
    const auto queue = "http://127.0.0.1:" + std::to_string(silent.port()) + "/000000000000/orders";
    for (const std::string program : {"worker-service", "api-service"}) {
        ServerProcess process({{"ORDERFLOW_DATA_DIR", dir.path().string()}, {"ORDERFLOW_QUEUE_URL", queue}}, {},
                              {"--check"}, program);

        EXPECT_EQ(process.wait(std::chrono::seconds(10)), 1) << program;
        for (const std::string name : {"orders ", "orders-commands ", "orders-dlq "}) {
            EXPECT_NE(process.stdout_text().find("  " + name), std::string::npos) << process.stdout_text();
        }
        EXPECT_NE(process.stdout_text().find("queue.no_answer"), std::string::npos) << process.stdout_text();
        EXPECT_EQ(process.stdout_text().find("would serve"), std::string::npos) << process.stdout_text();
        EXPECT_NE(process.stdout_text().find("cannot start like this"), std::string::npos) << process.stdout_text();
    }
    EXPECT_TRUE(std::filesystem::is_empty(dir.path())) << "a check makes no file";
}

TEST(Services, GivenACheckThatWaits_WhenASignalComes_ThenItEndsAtOnce) {
    for (const int number : {SIGINT, SIGTERM}) {
        for (const std::string program : {"worker-service", "api-service"}) {
            const TempDir dir;
            const SilentSocket silent;
            const auto queue = "http://127.0.0.1:" + std::to_string(silent.port()) + "/000000000000/orders";
            ServerProcess process({{"ORDERFLOW_DATA_DIR", dir.path().string()}, {"ORDERFLOW_QUEUE_URL", queue}}, {},
                                  {"--check"}, program);
            ASSERT_TRUE(silent.wait_for_a_connection());

            process.signal(number);

            EXPECT_EQ(process.wait(std::chrono::seconds(5)), -number) << program;
        }
    }
}

TEST(Services, GivenServicesThatRun_WhenTheirHealthIsAsked_ThenEachAnswersForItself) {
    Services services;
    using Name = Services::Name;
    for (const auto& [name, program] :
         {std::pair(Name::queue, "queue-service"), {Name::worker, "worker-service"}, {Name::api, "api-service"}}) {
        ServerProcess health(services.settings(name), {}, {"--health"}, program);
        EXPECT_EQ(health.wait(), 0) << program << health.stderr_text();
    }
}

TEST(Services, GivenServicesThatRun_WhenEachIsCheckedBesideThem_ThenItIsWellAndTellsNoSecret) {
    Services services;
    for (const auto name : {Services::Name::worker, Services::Name::api}) {
        auto settings = services.settings(name);
        settings.emplace("AWS_ACCESS_KEY_ID", "AKIDEXAMPLE");
        settings.emplace("AWS_SECRET_ACCESS_KEY", "top-secret");
        const std::string program = name == Services::Name::api ? "api-service" : "worker-service";
        ServerProcess check(settings, {}, {"--check"}, program);

        EXPECT_EQ(check.wait(), 0) << check.stdout_text() << check.stderr_text();
        for (const std::string part : {"orders.db", "credentials      environment", "orders-dlq       answers"}) {
            EXPECT_NE(check.stdout_text().find(part), std::string::npos) << check.stdout_text();
        }
        EXPECT_EQ(check.stdout_text().find("top-secret"), std::string::npos);
    }
    const auto answer = services.client().post_order("services-test-checked", order_body({{std::string(sku), 1}}));
    EXPECT_EQ(services.client().wait_until_settled(answer.text("id")), "confirmed");
}

TEST(Services, GivenAnEmptyDirectory_WhenTheQueueServiceIsChecked_ThenNoFileIsMade) {
    const TempDir dir;
    ServerProcess check({{"ORDERFLOW_DATA_DIR", dir.path().string()}}, {}, {"--check"}, "queue-service");

    EXPECT_EQ(check.wait(), 0) << check.stderr_text();
    EXPECT_NE(check.stdout_text().find("queue.db: will be made"), std::string::npos) << check.stdout_text();
    EXPECT_TRUE(std::filesystem::is_empty(dir.path()));
}

TEST(Services, GivenAWordThatIsNoArgument_WhenStarted_ThenItIsNamedBeforeTheUsage) {
    for (const std::string program : {"queue-service", "worker-service", "api-service", "orderflow"}) {
        ServerProcess process({}, {}, {"--chek"}, program);

        EXPECT_EQ(process.wait(), 2) << program;
        EXPECT_TRUE(process.stderr_text().starts_with(program + ": there is no ")) << process.stderr_text();
        EXPECT_LT(process.stderr_text().find("'--chek'"), process.stderr_text().find("usage:"));
    }
}

// Method: each service once, so that its files are there and sealed; then one of them is taken away.
TEST(Services, GivenAServiceThatLostItsPart_WhenStarted_ThenItIsNamedAndNothingIsMadeAnew) {
    struct Part {
        std::string program;
        std::string file;
    };
    const TempDir dir;
    const ServerProcess::Settings settings{{"ORDERFLOW_DATA_DIR", dir.path().string()},
                                           {"ORDERFLOW_QUEUE_URL", "http://127.0.0.1:1/000000000000/orders"}};
    for (const std::string program : {"queue-service", "worker-service", "api-service"}) {
        ServerProcess process(settings, {}, {}, program);
        process.wait_until_ready();
        process.terminate();
        ASSERT_EQ(process.wait(), 0) << program << process.stderr_text();
    }
    for (const auto& [program, file] :
         {Part{"queue-service", "queue.db"}, Part{"worker-service", "orders.db"},
          Part{"worker-service", "payments-simulated.db"}, Part{"api-service", "secrets"}}) {
        std::filesystem::rename(dir.path() / file, dir.path() / "away");
        ServerProcess process(settings, {}, {}, program);

        EXPECT_EQ(process.wait(), 1) << program;
        EXPECT_NE(process.stderr_text().find(file + " is missing"), std::string::npos) << process.stderr_text();
        EXPECT_FALSE(std::filesystem::exists(dir.path() / file));
        std::filesystem::rename(dir.path() / "away", dir.path() / file);
    }
    const TempDir other;
    ServerProcess foreign({{"ORDERFLOW_DATA_DIR", other.path().string()}}, {}, {});
    foreign.wait_until_ready();
    std::filesystem::copy_file(other.path() / "secrets", dir.path() / "secrets",
                               std::filesystem::copy_options::overwrite_existing);
    ServerProcess process(settings, {}, {}, "api-service");
    EXPECT_EQ(process.wait(), 1);
    EXPECT_NE(process.stderr_text().find("installation.other_secrets"), std::string::npos) << process.stderr_text();
}

TEST(Services, GivenAQueueServiceThatIsGone_WhenProbed_ThenTheOthersAreNotReadyAndAlive) {
    Services services;
    services.kill(Services::Name::queue);
    for (const auto name : {Services::Name::worker, Services::Name::api}) {
        const ShopClient service(services.port(name));
        auto ready = service.get("/readyz");
        while (ready.status == 200) ready = service.get("/readyz");  // an answer is good for a second
        EXPECT_EQ(ready.status, 503);
        EXPECT_NE(ready.body.find("queue"), std::string::npos) << ready.body;
        EXPECT_EQ(service.get("/healthz").status, 200);
    }
    services.start(Services::Name::queue);
    for (const auto name : {Services::Name::worker, Services::Name::api}) {
        const ShopClient service(services.port(name));
        while (service.get("/readyz").status != 200) std::this_thread::yield();
    }
}

TEST(Services, GivenAWorkerThatIsPaused_WhenAnOrderIsPlaced_ThenItWaitsUntilTheWorkerGoesOn) {
    Services services;
    const ShopClient worker(services.port(Services::Name::worker));
    const auto says = [&worker](const std::string& line) {
        return worker.get("/metrics").body.find(line) != std::string::npos;
    };
    services.process(Services::Name::worker).signal(SIGUSR1);
    while (!says("orderflow_worker_paused{queue=\"orders\"} 1")) std::this_thread::yield();

    const auto client = services.client();
    const auto answer = client.post_order("services-test-paused", order_body({{std::string(sku), 1}}));
    ASSERT_EQ(answer.status, 202) << answer.body;
    auto ready = worker.get("/readyz");
    while (ready.body.find("Receiving is paused: orders, orders-commands, orders-dlq.") == std::string::npos) {
        ASSERT_EQ(ready.status, 200) << ready.body;  // an answer is good for a second
        ready = worker.get("/readyz");
    }
    // A long poll that was just cancelled may still bring it, and then it is given back.
    EXPECT_TRUE(says("orderflow_worker_messages_processed_total{fate=\"removed\",queue=\"orders\"} 0"));

    services.process(Services::Name::worker).signal(SIGUSR2);
    EXPECT_EQ(client.wait_until_settled(answer.text("id")), "confirmed");
}

TEST(Services, GivenDeclaredQueues_WhenTheQueueServiceStarts_ThenTheyAreThereAndACheckOnlySaysSo) {
    const TempDir dir;
    const ServerProcess::Settings settings{
        {"ORDERFLOW_DATA_DIR", dir.path().string()},
        {"ORDERFLOW_SQS_QUEUES", "jobs: visibility=5m, dlq=jobs-dlq, max_receives=10; jobs-dlq"}};
    for (int i = 0; i < 2; ++i) {
        ServerProcess check(settings, {}, {"--check"}, "queue-service");
        EXPECT_EQ(check.wait(), 0) << check.stderr_text();
        EXPECT_NE(check.stdout_text().find("us-east-1 made: visibility 30s -> 5m"), std::string::npos)
            << check.stdout_text();
    }
    ServerProcess process(settings, {}, {}, "queue-service");
    const ShopClient queues(process.wait_until_ready());
    EXPECT_EQ(queues.get("/?Action=GetQueueUrl&QueueName=jobs").status, 200);
    EXPECT_EQ(queues.get("/?Action=GetQueueUrl&QueueName=jobs-dlq").status, 200);
    EXPECT_EQ(queues.get("/?Action=GetQueueUrl&QueueName=other").status, 400);
    EXPECT_NE(queues.get("/metrics").body.find("orderflow_queue_visible_messages{queue=\"jobs\"} 0"),
              std::string::npos);
}

TEST(Services, GivenAQueueThatIsDeclaredWrongly_WhenStarted_ThenItNamesThePlace) {
    ServerProcess process({{"ORDERFLOW_SQS_QUEUES", "jobs: visibility=13h"}}, {}, {}, "queue-service");
    EXPECT_EQ(process.wait(), 2);
    EXPECT_NE(process.stderr_text().find("entry 1 (jobs), visibility"), std::string::npos) << process.stderr_text();
}

TEST(Services, GivenNoOrderStore_WhenTheApiStarts_ThenItSaysWhoMakesIt) {
    const TempDir dir;
    ServerProcess process({{"ORDERFLOW_DATA_DIR", dir.path().string()}}, {}, {}, "api-service");

    EXPECT_EQ(process.wait(), 1);
    EXPECT_NE(process.stderr_text().find("worker-service"), std::string::npos) << process.stderr_text();
}

}  // namespace
}  // namespace orderflow::e2e

// Goal: worker-service --lambda keeps the promise on AWS Lambda that it keeps everywhere: each order once, whatever
// becomes of an invocation or of the process.
// Method: the real program against a Runtime API of a few lines; the test is the event source: it receives from a real
// queue-service, hands batches to the function and deletes what was not reported as failed. The payment provider is one
// that can fall silent. In the end `orderflow audit` compares store, queue and the provider's ledger.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <optional>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "libs/base/system_clock.hpp"
#include "libs/crypto/system_entropy.hpp"
#include "libs/json/parse.hpp"
#include "libs/json/writer.hpp"
#include "libs/testing/postgres_server.hpp"
#include "libs/testing/temp_dir.hpp"
#include "tests/e2e/fake_lambda.hpp"
#include "tests/e2e/server_process.hpp"
#include "tests/e2e/shop_client.hpp"
#include "tests/payments/sample_provider.hpp"

namespace orderflow::e2e {
namespace {

using namespace std::chrono_literals;
using payments::SampleFault;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr auto secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
constexpr std::string_view sku = "PA-BLOT-10";

struct Record {
    std::string id;
    std::string receipt;
    std::string body;
};

std::string event_of(const std::vector<Record>& records) {
    json::Writer out;
    out.begin_object().key("Records").begin_array();
    for (const auto& record : records) {
        out.begin_object().key("messageId").string(record.id).key("receiptHandle").string(record.receipt);
        out.key("body").string(record.body).key("attributes").begin_object();
        out.key("ApproximateReceiveCount").string("1").end_object();
        out.key("eventSource").string("aws:sqs");
        out.key("eventSourceARN").string("arn:aws:sqs:us-east-1:000000000000:orders").end_object();
    }
    out.end_array().end_object();
    return std::move(out).take();
}

std::set<std::string> failures_in(const FakeLambda::Report& report) {
    std::set<std::string> failed;
    EXPECT_EQ(report.kind, "response") << report.body;
    const auto answer = json::parse(report.body, {.bytes = 64 * 1024});
    if (!answer) return {"no JSON: " + report.body};
    for (const auto& item : *answer->find("batchItemFailures")->array()) {
        failed.emplace(*item.find("itemIdentifier")->string());
    }
    return failed;
}

class Lambda : public ::testing::Test {
  protected:
    Lambda() {
        queue = launch("queue-service", {{"ORDERFLOW_DATA_DIR", dir.path().string()}});
        queue_port = queue->wait_until_ready();
    }

    static std::unique_ptr<ServerProcess> launch(const std::string& program, const ServerProcess::Settings& settings,
                                                 std::vector<std::string> arguments = {}) {
        return std::make_unique<ServerProcess>(settings, std::vector<std::string>(), std::move(arguments), program);
    }
    std::string queue_url(const std::string& name = "orders") const {
        return "http://127.0.0.1:" + std::to_string(queue_port) + "/000000000000/" + name;
    }
    ServerProcess::Settings settings() const {
        return {{"ORDERFLOW_DATA_DIR", dir.path().string()},
                {"ORDERFLOW_QUEUE_URL", queue_url()},
                {"ORDERFLOW_PAYMENT_PROVIDER", "http"},
                {"ORDERFLOW_PAYMENT_URL", provider->url()},
                {"ORDERFLOW_PAYMENT_SECRET", secret},
                {"ORDERFLOW_PAYMENT_SECONDS", "25"},
                {"AWS_REGION", "us-east-1"}};
    }
    ServerProcess::Settings function_settings() const {
        auto result = settings();
        result["AWS_LAMBDA_RUNTIME_API"] = lambda.api();
        return result;
    }
    // Waits until it asks for work.
    void start_function() {
        function = launch("worker-service", function_settings(), {"--lambda"});
        ASSERT_TRUE(lambda.wait_until_asked(++starts)) << function->stderr_text();
    }
    // After the function, which makes the store.
    void start_api() {
        api =
            launch("api-service", {{"ORDERFLOW_DATA_DIR", dir.path().string()}, {"ORDERFLOW_QUEUE_URL", queue_url()}});
        shop.emplace(api->wait_until_ready());
    }

    std::vector<std::string> place(int count) {
        std::vector<std::string> ids;
        for (int i = 0; i < count; ++i) {
            const auto answer =
                shop->post_order("lambda-test-order-" + std::to_string(++placed), order_body({{std::string(sku), 1}}));
            EXPECT_EQ(answer.status, 202) << answer.body;
            ids.push_back(answer.text("id"));
        }
        return ids;
    }
    Answer ask_queue(const std::string& action, const std::string& body) const {
        const auto answer =
            ShopClient(queue_port)
                .try_request("POST", "/",
                             {{"X-Amz-Target", "AmazonSQS." + action}, {"Content-Type", "application/x-amz-json-1.0"}},
                             body);
        EXPECT_TRUE(answer && answer->status == 200) << (answer ? answer->body : "no answer");
        return *answer;
    }
    // So many as wait there, for an hour.
    std::vector<Record> receive(std::size_t count) {
        std::vector<Record> records;
        while (records.size() < count) {
            const auto answer =
                ask_queue("ReceiveMessage",
                          R"({"QueueUrl":")" + queue_url() + R"(","MaxNumberOfMessages":10,"VisibilityTimeout":3600})");
            const auto batch = answer.document();
            const auto* messages = batch.find("Messages");
            if (messages == nullptr || messages->array() == nullptr) continue;
            for (const auto& message : *messages->array()) {
                records.push_back({std::string(*message.find("MessageId")->string()),
                                   std::string(*message.find("ReceiptHandle")->string()),
                                   std::string(*message.find("Body")->string())});
            }
        }
        return records;
    }
    // As the event source does.
    void remove_all_but(const std::set<std::string>& failed, const std::vector<Record>& records) {
        for (const auto& record : records) {
            if (failed.contains(record.id)) continue;
            ask_queue("DeleteMessage",
                      R"({"QueueUrl":")" + queue_url() + R"(","ReceiptHandle":")" + record.receipt + R"("})");
        }
    }
    FakeLambda::Report invoke(const std::string& event, std::chrono::milliseconds time_out = 30s) {
        lambda.invoke("request-" + std::to_string(++requests), event, time_out);
        auto report = lambda.wait_for_report();
        EXPECT_EQ(report.request, "request-" + std::to_string(requests)) << function->stderr_text();
        return report;
    }
    std::set<std::string> invoke(const std::vector<Record>& records, std::chrono::milliseconds time_out = 30s) {
        const auto failed = failures_in(invoke(event_of(records), time_out));
        remove_all_but(failed, records);
        return failed;
    }
    // Stops everything.
    std::string audit() {
        const auto end = [](ServerProcess& process) {
            process.terminate();
            EXPECT_EQ(process.wait(), 0) << process.stderr_text();
        };
        end(*api);
        // What an API reports of itself is for the background task, which these tests do not have.
        ask_queue("PurgeQueue", R"({"QueueUrl":")" + queue_url("orders-commands") + R"("})");
        end(*function);
        end(*queue);
        auto known = settings();
        provider.reset();
        ServerProcess audit(known, {}, {"audit", "--data", dir.path().string(), "--payments", ledger(), "--settled"});
        const int code = audit.wait();
        return audit.stdout_text() + audit.stderr_text() + "exit " + std::to_string(code);
    }
    std::string ledger() const { return provider_dir / "provider.db"; }
    std::optional<payments::SampleProvider> made_provider() {
        payments::SampleProviderOptions options;
        options.ledger = ledger();
        options.secrets = secret;
        options.listen = {.host = "127.0.0.1", .port = 0};
        return std::make_optional<payments::SampleProvider>(clock, entropy, options);
    }

    TempDir dir;
    TempDir provider_dir;
    SystemClock clock;
    crypto::SystemEntropy entropy;
    std::optional<payments::SampleProvider> provider = made_provider();
    FakeLambda lambda;
    std::unique_ptr<ServerProcess> queue;
    std::uint16_t queue_port = 0;
    std::unique_ptr<ServerProcess> function;
    std::unique_ptr<ServerProcess> api;
    std::optional<ShopClient> shop;
    int starts = 0;
    int placed = 0;
    int requests = 0;
};

TEST_F(Lambda, GivenAnEventThatNobodyCanRead_WhenInvoked_ThenItIsAnError_AndTheNextInvocationIsServed) {
    start_function();
    start_api();
    for (const std::string event : {"", "{]", R"({"detail-type":"Scheduled Event"})"}) {
        const auto report = invoke(event);
        EXPECT_EQ(report.kind, "error");
        EXPECT_EQ(report.type, "lambda.event_malformed");
        EXPECT_THAT(report.body, HasSubstr(R"("errorType":"lambda.event_malformed")"));
    }
    const auto ids = place(1);
    EXPECT_THAT(invoke(receive(1)), IsEmpty());
    EXPECT_EQ(shop->wait_until_settled(ids[0]), "confirmed");
}

TEST_F(Lambda, GivenABatchOfOrders_WhenInvoked_ThenAllAreSettledOnce_AndTheAuditIsClean) {
    start_function();
    start_api();
    const auto ids = place(10);

    EXPECT_THAT(invoke(receive(10)), IsEmpty());
    for (const auto& id : ids) EXPECT_EQ(shop->get("/v1/orders/" + id).text("status"), "confirmed");
    EXPECT_EQ(provider->calls(), 10U);
    EXPECT_THAT(audit(), testing::EndsWith("exit 0"));
}

TEST_F(Lambda, GivenAProviderThatFallsSilent_WhenTheDeadlineComesNear_ThenTheRestFails_AndIsSettledNextTime) {
    start_function();
    start_api();
    const auto ids = place(3);
    const auto records = receive(3);
    provider->faults().inject(SampleFault::silence_after);

    const auto began = clock.now();
    const auto failed = invoke(records, 6s);
    EXPECT_LT(clock.now() - began, 6s) << "the answer comes before Lambda ends the process";
    ASSERT_EQ(failed.size(), 1U);

    std::vector<Record> again;
    for (const auto& record : records) {
        if (failed.contains(record.id)) again.push_back(record);
    }
    EXPECT_THAT(invoke(again), IsEmpty());
    for (const auto& id : ids) EXPECT_EQ(shop->wait_until_settled(id), "confirmed");
    EXPECT_THAT(audit(), testing::EndsWith("exit 0"));
}

// The provider has taken the money of one order and says nothing: then the process dies, at the worst of all times.
TEST_F(Lambda, GivenKillNineInTheMiddle_WhenTheBatchComesToANewProcess_ThenEachOrderIsThereOnceAndChargedOnce) {
    start_function();
    start_api();
    const auto ids = place(5);
    const auto records = receive(5);
    const auto before = shop->available(sku);
    provider->faults().inject(SampleFault::silence_after, 2);
    lambda.invoke("request-that-dies", event_of(records), 60s);
    while (provider->calls() < 2) std::this_thread::yield();
    function->kill();
    start_function();

    EXPECT_THAT(invoke(records, 60s), IsEmpty());
    for (const auto& id : ids) EXPECT_EQ(shop->wait_until_settled(id), "confirmed") << id;
    EXPECT_THAT(invoke(records, 60s), IsEmpty()) << "and whatever is delivered once more changes nothing";
    EXPECT_EQ(before - shop->available(sku), 5);
    EXPECT_THAT(audit(), testing::EndsWith("exit 0"));
}

TEST_F(Lambda, GivenAStoreThatCannotBeReached_WhenStarted_ThenTheStartFailsAndLambdaIsTold) {
    auto known = function_settings();
    known["DATABASE_URL"] = "postgresql://worker:top-secret@127.0.0.1:1/orders";
    function = launch("worker-service", known, {"--lambda"});

    const auto report = lambda.wait_for_report();
    EXPECT_EQ(report.kind, "init error") << function->stderr_text();
    EXPECT_EQ(report.type, "postgres.unreachable") << report.body;
    EXPECT_THAT(report.body, testing::Not(HasSubstr("top-secret")));
    EXPECT_EQ(function->wait(), 1);
}

TEST_F(Lambda, GivenAParameterThatIsMissing_WhenStarted_ThenTheStartFailsAndItIsNamed) {
    auto known = function_settings();
    known.erase("ORDERFLOW_PAYMENT_SECRET");
    known["ORDERFLOW_PARAMETERS"] = "ORDERFLOW_PAYMENT_SECRET=/orderflow/test/payment-secret";
    known["AWS_ENDPOINT_URL_SSM"] = lambda.parameter_store();
    known["AWS_ACCESS_KEY_ID"] = "AKIDEXAMPLE";
    known["AWS_SECRET_ACCESS_KEY"] = "example";
    function = launch("worker-service", known, {"--lambda"});
    const auto report = lambda.wait_for_report();
    EXPECT_EQ(report.kind, "init error") << function->stderr_text();
    EXPECT_EQ(report.type, "ssm.parameter_missing");
    EXPECT_THAT(report.body, HasSubstr("/orderflow/test/payment-secret"));
    EXPECT_EQ(function->wait(), 1);

    // Once it is there the same settings work: orders are paid with it.
    lambda.set_parameter("/orderflow/test/payment-secret", secret);
    function = launch("worker-service", known, {"--lambda"});
    ASSERT_TRUE(lambda.wait_until_asked(1)) << function->stderr_text();
    start_api();
    const auto ids = place(1);
    EXPECT_THAT(invoke(receive(1)), IsEmpty());
    EXPECT_EQ(shop->wait_until_settled(ids[0]), "confirmed");
    EXPECT_THAT(function->stderr_text(), testing::Not(HasSubstr(secret)));
}

TEST_F(Lambda, GivenSettingsThatAreWrong_WhenStarted_ThenLambdaIsTold_AndOutsideOfLambdaAPerson) {
    auto known = function_settings();
    known["ORDERFLOW_WORKER_ROLE"] = "background";
    function = launch("worker-service", known, {"--lambda"});
    const auto report = lambda.wait_for_report();
    EXPECT_EQ(report.kind, "init error") << function->stderr_text();
    EXPECT_EQ(report.type, "lambda.settings_invalid");
    EXPECT_THAT(report.body, HasSubstr("ORDERFLOW_WORKER_ROLE"));
    EXPECT_EQ(function->wait(), 2);

    function = launch("worker-service", settings(), {"--lambda"});
    EXPECT_EQ(function->wait(), 1);
    EXPECT_THAT(function->stderr_text(), HasSubstr("AWS_LAMBDA_RUNTIME_API"));
    function = launch("worker-service", function_settings());
    EXPECT_EQ(function->wait(), 2);
    EXPECT_THAT(function->stderr_text(), HasSubstr("start with --lambda"));
}

// As the stacks have it: orders are the function's, everything else a background worker's.
TEST_F(Lambda, GivenAFunctionAndABackgroundWorker_WhenOrdersAndCancelsCome_ThenEachDoesItsOwn) {
    PostgresServer database;
    TempDir background_dir;
    TempDir function_dir;
    const auto on_postgres = [url = database.url()](ServerProcess::Settings known, const TempDir& data) {
        known["DATABASE_URL"] = url;
        known["ORDERFLOW_DATA_DIR"] = data.path().string();
        return known;
    };
    auto known = on_postgres(settings(), background_dir);
    known["ORDERFLOW_WORKER_ROLE"] = "background";
    const auto background = launch("worker-service", known);
    const ShopClient worker(background->wait_until_ready());
    function = launch("worker-service", on_postgres(function_settings(), function_dir), {"--lambda"});
    ASSERT_TRUE(lambda.wait_until_asked(1)) << function->stderr_text();
    api = launch("api-service", on_postgres({{"ORDERFLOW_QUEUE_URL", queue_url()}}, dir));
    shop.emplace(api->wait_until_ready());

    const auto ids = place(4);
    const auto records = receive(4);  // nobody else took them
    EXPECT_THAT(invoke(records), IsEmpty());
    for (const auto& id : ids) EXPECT_EQ(shop->wait_until_settled(id), "confirmed");
    EXPECT_EQ(shop->cancel(ids[0]).status, 202);
    while (shop->get("/v1/orders/" + ids[0]).text("status") != "cancelled") std::this_thread::yield();
    EXPECT_THAT(worker.get("/metrics").body,
                HasSubstr("orderflow_worker_messages_processed_total{fate=\"removed\",queue=\"orders\"} 0"));
    EXPECT_THAT(worker.get("/metrics").body, HasSubstr("orderflow_webhook_"));
}

TEST_F(Lambda, GivenAWorkerForOrdersAlone_WhenADeadLetterIsThere_ThenItStays_AndNoWebhookIsItsBusiness) {
    auto known = settings();
    known["ORDERFLOW_WORKER_ROLE"] = "orders";
    function = launch("worker-service", known);
    const ShopClient worker(function->wait_until_ready());
    start_api();
    ask_queue("SendMessage", R"({"QueueUrl":")" + queue_url("orders-dlq") + R"(","MessageBody":"{]"})");
    const auto ids = place(1);
    EXPECT_EQ(shop->wait_until_settled(ids[0]), "confirmed");

    EXPECT_THAT(worker.get("/metrics").body, testing::Not(HasSubstr("orderflow_webhook_")));
    const auto answer = ask_queue("GetQueueAttributes", R"({"QueueUrl":")" + queue_url("orders-dlq") +
                                                            R"(","AttributeNames":["ApproximateNumberOfMessages"]})");
    const auto counts = answer.document();
    EXPECT_EQ(*counts.find("Attributes")->find("ApproximateNumberOfMessages")->string(), "1");
}

}  // namespace
}  // namespace orderflow::e2e

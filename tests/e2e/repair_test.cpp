// Goal: what failed can be repaired by an operator over HTTP alone: found, understood, sent again, proven.
// Method: an order fails as it does in the field (a consumer takes its message twenty times and never finishes, or the
// message cannot be read), on the real program; then only the operator's API is used, and the commands of
// docs/runbook.md are run as they stand there.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdint>
#include <fstream>
#include <iterator>
#include <optional>
#include <string>
#include <vector>

#include "libs/json/writer.hpp"
#include "libs/testing/postgres_server.hpp"
#include "libs/testing/temp_dir.hpp"
#include "tests/e2e/server_process.hpp"
#include "tests/e2e/shop_client.hpp"

namespace orderflow::e2e {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

constexpr const char* token = "operator-token-of-this-test";
constexpr const char* read_token = "reading-token-of-this-test";
constexpr const char* runbook_address = "http://127.0.0.1:8080";

// The queue endpoint of a running program, as a client without credentials sees it.
class QueueClient {
  public:
    explicit QueueClient(const ServerProcess& server) : client_(port_of(server.stdout_text())) {}

    Answer call(const std::string& action, const std::string& members) const {
        const auto answer = client_.try_request(
            "POST", "/", {{"Content-Type", "application/x-amz-json-1.0"}, {"X-Amz-Target", "AmazonSQS." + action}},
            R"({"QueueUrl":"http://127.0.0.1/000000000000/orders")" + members + "}");
        if (!answer || answer->status != 200) throw std::runtime_error(action + (answer ? answer->body : " failed"));
        return *answer;
    }
    // Nothing when the queue has no message to receive.
    std::optional<std::string> receive(const char* member) const {
        const auto document = call("ReceiveMessage", R"(,"VisibilityTimeout":0)").document();
        const auto* messages = document.find("Messages");
        if (messages == nullptr || messages->array()->empty()) return std::nullopt;
        return std::string(*messages->array()->front().find(member)->string());
    }

  private:
    static std::uint16_t port_of(const std::string& ready) {
        const auto end = ready.find("/ (Amazon SQS)");
        return static_cast<std::uint16_t>(std::stoul(ready.substr(ready.rfind(':', end) + 1)));
    }
    ShopClient client_;
};

enum class Database : std::uint8_t { sqlite, postgres };

PostgresServer& postgres_server() {
    static PostgresServer server;
    return server;
}

class Repair : public ::testing::TestWithParam<Database> {
  protected:
    Repair() {
        if (GetParam() == Database::postgres) database_url = postgres_server().url();
    }

    ServerProcess::Settings settings(const char* worker) const {
        ServerProcess::Settings settings{{"ORDERFLOW_DATA_DIR", data.path().string()},
                                         {"ORDERFLOW_ADMIN_TOKEN", token},
                                         {"ORDERFLOW_ADMIN_READ_TOKEN", read_token},
                                         {"ORDERFLOW_WORKER", worker}};
        if (database_url) settings["DATABASE_URL"] = *database_url;
        return settings;
    }

    // An order of which `mishap` sees the message on its queue before any worker does. Its id.
    template <class Mishap>
    std::string place(Mishap mishap) {
        ServerProcess waiting(settings("off"));
        const ShopClient shop(waiting.wait_until_ready());
        const auto id = shop.post_order("0123456789abcdef-repair", order_body({{"PC-SHARP", 1}})).text("id");
        mishap(QueueClient(waiting));
        waiting.terminate();
        EXPECT_EQ(waiting.wait(), 0);
        return id;
    }
    std::string place_with_spent_receives() {
        return place([](const QueueClient& queue) {
            while (queue.receive("Body")) {
            }
        });
    }
    std::string place_unreadably() {
        return place([](const QueueClient& queue) {
            auto body = queue.receive("Body").value();
            const auto receipt = queue.receive("ReceiptHandle").value();
            queue.call("DeleteMessage", R"(,"ReceiptHandle":")" + receipt + "\"");
            const auto at = body.find("\"1.0\"");
            body.replace(at, 5, "\"9.9\"");
            json::Writer text;
            text.string(body);
            queue.call("SendMessage", R"(,"MessageBody":)" + text.text());
        });
    }

    std::optional<Answer> as(const std::string& bearer, std::string_view method, const std::string& target,
                             std::string_view body = {}) {
        return ShopClient(port).try_request(
            method, target, {{"Authorization", "Bearer " + bearer}, {"Content-Type", "application/json"}}, body);
    }
    Answer get(const std::string& target) { return as(token, "GET", target).value(); }
    Answer post(const std::string& target, std::string_view body) { return as(token, "POST", target, body).value(); }

    // The audit record of a command, once it is over.
    Answer outcome(const Answer& accepted) {
        for (;;) {
            auto record = get(accepted.fields.at("location"));
            if (record.status == 200 && record.text("state") != "running") return record;
        }
    }
    // The number of the only dead letter, once it is there.
    std::string letter() {
        for (;;) {
            const auto list = get("/v1/admin/dead-letters").document();
            const auto letters = *list.find("data")->array();
            if (!letters.empty()) return std::string(letters.front().find("number")->number()->text);
        }
    }

    TempDir data;
    std::optional<std::string> database_url;
    std::uint16_t port = 0;
};

TEST_P(Repair, GivenAnOrderOnHold_WhenItsLetterIsRedriven_ThenItIsConfirmedAndTheRecordSaysWhoDidIt) {
    const auto id = place_with_spent_receives();
    ServerProcess server(settings("on"));
    port = server.wait_until_ready();
    const ShopClient shop(port);
    ASSERT_EQ(shop.wait_until_settled(id), "on_hold");

    EXPECT_THAT(get("/v1/orders?status=on_hold").body, HasSubstr(id));
    EXPECT_THAT(get("/v1/admin/dead-letters/groups").body, HasSubstr(R"("code":"queue.receives_exhausted","count":1)"));
    const auto found = get("/v1/admin/dead-letters?order=" + id);
    EXPECT_THAT(found.body, HasSubstr(R"("receive_count":21)")) << "20 of orders and one of the dead-letter queue";
    EXPECT_THAT(found.body, HasSubstr(R"("state":"open","code":"queue.receives_exhausted")"));
    const auto path = "/v1/admin/dead-letters/" + letter();
    EXPECT_THAT(get(path).text("body"), HasSubstr("PC-SHARP"));
    EXPECT_THAT(post(path + "/redrive", R"({"dry_run":true})").body, HasSubstr(id));
    ASSERT_EQ(shop.get("/v1/orders/" + id).text("status"), "on_hold") << "a dry run does nothing";

    const auto accepted = post(path + "/redrive", R"({"by":"kim","reason":"the consumer is mended"})");

    ASSERT_EQ(accepted.status, 202) << accepted.body;
    const auto record = outcome(accepted);
    EXPECT_EQ(record.text("state"), "done");
    EXPECT_EQ(record.text("by"), "kim");
    EXPECT_EQ(record.text("reason"), "the consumer is mended");
    while (shop.get("/v1/orders/" + id).text("status") == "on_hold") {
    }
    EXPECT_EQ(shop.wait_until_settled(id), "confirmed");
    EXPECT_THAT(shop.get("/v1/orders/" + id + "/events").body, HasSubstr("order.resumed"));
    EXPECT_EQ(get(path).text("state"), "redriven");
    EXPECT_EQ(post(path + "/redrive", "{}").status, 409) << "once is enough";
}

TEST_P(Repair, GivenAMessageThatNobodyCanRead_WhenItsBodyIsMendedAndRedriven_ThenItsOrderIsConfirmed) {
    const auto id = place_unreadably();
    ServerProcess server(settings("on"));
    port = server.wait_until_ready();
    const auto path = "/v1/admin/dead-letters/" + letter();
    auto body = get(path).text("body");
    ASSERT_EQ(get(path).text("code"), "message.malformed");
    ASSERT_EQ(ShopClient(port).get("/v1/orders/" + id).text("status"), "accepted");
    const auto edit = [&] {
        json::Writer text;
        text.begin_object().key("by").string("kim").key("body").string(body).end_object();
        return post(path + "/edit", text.text());
    };
    EXPECT_EQ(edit().status, 422) << "as it is, nobody can read it";

    body.replace(body.find("\"9.9\""), 5, "\"1.0\"");
    EXPECT_EQ(outcome(edit()).text("state"), "done");
    EXPECT_EQ(outcome(post(path + "/redrive", "{}")).text("state"), "done");

    EXPECT_EQ(ShopClient(port).wait_until_settled(id), "confirmed");
    EXPECT_THAT(get("/v1/admin/audit").body, HasSubstr("dead-letters.edit"));
}

TEST_P(Repair, GivenARestart_WhenTheRecordIsReadAgain_ThenItIsThere) {
    const auto id = place_with_spent_receives();
    std::string location;
    {
        ServerProcess server(settings("on"));
        port = server.wait_until_ready();
        ASSERT_EQ(ShopClient(port).wait_until_settled(id), "on_hold");
        const auto accepted = post("/v1/admin/dead-letters/discard", R"({"filter":{},"by":"kim"})");
        EXPECT_EQ(outcome(accepted).text("state"), "done");
        location = accepted.fields.at("location");
        server.kill();
    }
    ServerProcess again(settings("on"));
    port = again.wait_until_ready();

    EXPECT_EQ(get(location).text("by"), "kim");
    EXPECT_THAT(get("/v1/admin/dead-letters?state=discarded").body, HasSubstr(id));
    EXPECT_EQ(outcome(post("/v1/admin/dead-letters/restore", R"({"filter":{}})")).text("state"), "done");
    EXPECT_THAT(get("/v1/admin/dead-letters").body, HasSubstr(id));
}

TEST_P(Repair, GivenTheReadToken_ThenItSeesEverythingAndRepairsNothing) {
    ServerProcess server(settings("on"));
    port = server.wait_until_ready();

    EXPECT_EQ(as(read_token, "GET", "/v1/admin/dead-letters")->status, 200);
    EXPECT_EQ(as(read_token, "GET", "/v1/admin/audit")->status, 200);
    EXPECT_EQ(as(read_token, "POST", "/v1/admin/dead-letters/redrive", R"({"filter":{}})")->status, 403);
    EXPECT_EQ(as("nobody", "GET", "/v1/admin/dead-letters")->status, 401);
}

// The one block in the section "Repair a failed order".
std::string runbook_commands() {
    std::ifstream file("docs/runbook.md");
    const std::string text(std::istreambuf_iterator<char>(file), {});
    const auto section = text.find("### Repair a failed order");
    const auto begin = text.find("```sh\n", section) + 6;
    if (section == std::string::npos || begin < section) throw std::runtime_error("docs/runbook.md has no such walk");
    return text.substr(begin, text.find("```", begin) - begin);
}

TEST_P(Repair, GivenTheCommandsOfTheRunbook_WhenTheyAreRunAsTheyStand_ThenTheOrderIsConfirmed) {
    const auto id = place_with_spent_receives();
    ServerProcess server(settings("on"));
    port = server.wait_until_ready();
    ASSERT_EQ(ShopClient(port).wait_until_settled(id), "on_hold");
    auto commands = runbook_commands();
    const auto at = commands.find(runbook_address);
    ASSERT_NE(at, std::string::npos);
    commands.replace(at, std::string_view(runbook_address).size(), "http://127.0.0.1:" + std::to_string(port));

    ServerProcess shell({{"ORDERFLOW_ADMIN_TOKEN", token}, {"NO_PROXY", "*"}},
                        {"bash", "-euo", "pipefail", "-c", commands});

    EXPECT_EQ(shell.wait(), 0) << shell.stderr_text() << shell.stdout_text();
    EXPECT_THAT(shell.stdout_text(), HasSubstr(R"("action":"dead-letters.redrive")"));
    EXPECT_THAT(shell.stdout_text(), HasSubstr(R"("state":"done")"));
    EXPECT_EQ(ShopClient(port).get("/v1/orders/" + id).text("status"), "confirmed");
}

INSTANTIATE_TEST_SUITE_P(Each, Repair, ::testing::Values(Database::sqlite, Database::postgres),
                         [](const auto& database) {
                             return database.param == Database::sqlite ? "Sqlite" : "Postgres";
                         });

}  // namespace
}  // namespace orderflow::e2e

// Goal: `orderflow move` takes an installation of one machine (SQLite, its own queues) to PostgreSQL and another SQS
// endpoint, and no order is lost, settled twice or charged twice: whatever state it was in, and wherever the move is
// cut off. Method: the real programs. The old one makes orders in every state and is stopped; queue-service is the
// endpoint that Amazon SQS would be; api-service and worker-service go on with the secrets that travelled; the audit
// judges the clients' ledger against what the new side holds.
#include <arpa/inet.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "libs/storage/sqlite/sqlite_order_reader.hpp"
#include "libs/storage/sqlite/sqlite_order_store.hpp"
#include "libs/testing/order_samples.hpp"
#include "libs/testing/postgres_server.hpp"
#include "libs/testing/sim_loop.hpp"
#include "libs/testing/temp_dir.hpp"
#include "tests/e2e/server_process.hpp"
#include "tests/e2e/shop_client.hpp"

namespace orderflow::e2e {
namespace {

using ::testing::AllOf;
using ::testing::ContainsRegex;
using ::testing::HasSubstr;
using Words = std::vector<std::string>;
namespace fs = std::filesystem;

constexpr std::string_view sku = "NB-A5-DOT";

PostgresServer& database() {
    static PostgresServer server;
    return server;
}

struct Ended {
    int code = 0;
    std::string text;  // stdout
    std::string errors;
};

Ended end_of(ServerProcess& process) {
    const int code = process.wait(std::chrono::seconds(200));
    return {code, process.stdout_text(), process.stderr_text()};
}

// A place that webhooks go to. Until it is opened, calls reach it and get no answer.
class HookReceiver {
  public:
    HookReceiver() : fd_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0)) {
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        socklen_t size = sizeof address;
        auto* const any = reinterpret_cast<sockaddr*>(&address);
        EXPECT_EQ(::bind(fd_, any, size), 0);
        EXPECT_EQ(::listen(fd_, 64), 0);
        EXPECT_EQ(::getsockname(fd_, any, &size), 0);
        url = "http://127.0.0.1:" + std::to_string(ntohs(address.sin_port)) + "/hook";
    }
    ~HookReceiver() { ::close(fd_); }
    HookReceiver(const HookReceiver&) = delete;
    HookReceiver& operator=(const HookReceiver&) = delete;

    bool was_called() const {
        const int call = ::accept4(fd_, nullptr, nullptr, SOCK_CLOEXEC);
        if (call >= 0) kept_.push_back(call);
        return call >= 0;
    }
    // What was called so far is forgotten.
    void open() const {
        while (was_called()) {
        }
        for (const int call : kept_) ::close(call);
        kept_.clear();
    }
    // The next request, answered with 204.
    std::string take() const {
        int call = -1;
        while ((call = ::accept4(fd_, nullptr, nullptr, SOCK_CLOEXEC)) < 0) std::this_thread::yield();
        constexpr timeval patience{.tv_sec = 10, .tv_usec = 0};
        ::setsockopt(call, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
        std::string request;
        char buffer[8192];
        while (request.find("}\n") == std::string::npos && !request.ends_with("}")) {
            const auto got = ::recv(call, buffer, sizeof buffer, 0);
            if (got <= 0) break;
            request.append(buffer, static_cast<std::size_t>(got));
        }
        constexpr std::string_view answer = "HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n";
        EXPECT_GT(::send(call, answer.data(), answer.size(), MSG_NOSIGNAL), 0);
        ::close(call);
        return request;
    }

    std::string url;

  private:
    int fd_;
    mutable std::vector<int> kept_;
};

// The old machine, and the new side.
class AMove : public ::testing::Test {
  protected:
    AMove() { fs::create_directory(there); }

    ServerProcess::Settings old_settings(const char* works = "on") const {
        return {{"ORDERFLOW_DATA_DIR", data.string()},
                {"ORDERFLOW_LOG_LEVEL", "error"},
                {"ORDERFLOW_DRAIN_SECONDS", "5"},
                {"ORDERFLOW_WEBHOOK_ALLOW", "private,http"},
                {"ORDERFLOW_WORKER", works}};
    }
    ServerProcess::Settings new_settings() const {
        return {{"ORDERFLOW_DATA_DIR", there.string()}, {"ORDERFLOW_LOG_LEVEL", "error"},
                {"ORDERFLOW_DRAIN_SECONDS", "5"},       {"ORDERFLOW_WEBHOOK_ALLOW", "private,http"},
                {"ORDERFLOW_QUEUE_URL", queue_url()},   {"DATABASE_URL", url}};
    }
    std::string queue_url() const { return "http://127.0.0.1:" + std::to_string(queue_port) + "/000000000000/orders"; }

    void start_queue() {
        queue = std::make_unique<ServerProcess>(
            ServerProcess::Settings{{"ORDERFLOW_DATA_DIR", there.string()},
                                    {"ORDERFLOW_SQS_LISTEN", "127.0.0.1:" + std::to_string(queue_port)}},
            Words(), Words(), "queue-service");
        queue_port = queue->wait_until_ready();
    }
    ShopClient start_new() {
        worker = std::make_unique<ServerProcess>(new_settings(), Words(), Words(), "worker-service");
        worker->wait_until_ready();
        api = std::make_unique<ServerProcess>(new_settings(), Words(), Words(), "api-service");
        return ShopClient(api->wait_until_ready());
    }
    void stop_new() {
        for (auto* process : {&api, &worker, &queue}) {
            (*process)->terminate();
            EXPECT_EQ((*process)->wait(), 0) << (*process)->stderr_text();
        }
    }

    std::unique_ptr<ServerProcess> moving(const Words& more = {}) const {
        Words words{"move", "--to", url, "--queue-url", queue_url(), "--data", data.string()};
        words.insert(words.end(), more.begin(), more.end());
        return std::make_unique<ServerProcess>(ServerProcess::Settings(), Words(), words);
    }
    Ended move(const Words& more = {}) const { return end_of(*moving(more)); }

    Ended load(std::uint16_t port, const Words& more) const {
        Words words{"load", "--url", "http://127.0.0.1:" + std::to_string(port), "--ledger", ledger};
        words.insert(words.end(), more.begin(), more.end());
        ServerProcess process({}, {}, words);
        return end_of(process);
    }
    // Orders that wait: taken, and worked on by nobody.
    void leave_waiting(int orders) const {
        ServerProcess old(old_settings("off"));
        const auto loaded = load(old.wait_until_ready(), {"--orders", std::to_string(orders), "--rate", "20000"});
        EXPECT_EQ(loaded.code, 0) << loaded.text << loaded.errors;
        old.terminate();
        EXPECT_EQ(old.wait(), 0);
    }
    void settle_all(std::uint16_t port) const {
        const auto loaded = load(port, {"--orders", "20", "--rate", "20", "--settle", "--metrics",
                                        "http://127.0.0.1:" + std::to_string(worker_port()), "--metrics",
                                        "http://127.0.0.1:" + std::to_string(queue_port)});
        EXPECT_EQ(loaded.code, 0) << loaded.text << loaded.errors;
    }
    std::uint16_t worker_port() const { return worker->wait_until_ready(); }
    void carry_in() const {
        for (const auto* file : {"secrets", "payments-simulated.db"}) fs::copy_file(carried / file, there / file);
    }
    void expect_all_to_settle_there() {
        carry_in();
        start_new();
        settle_all(api->wait_until_ready());
        stop_new();
        expect_sound(audit());
    }
    std::unique_ptr<ServerProcess> moving_until_some_were_sent() {
        auto cut = moving({"--carry", carried.string()});
        while (cut->stderr_text().find(" messages so far") == std::string::npos && !cut->ended()) {
            std::this_thread::yield();
        }
        return cut;
    }
    // Of the new side, stopped.
    Ended audit(const Words& more = {}) const {
        Words words{"audit", "--ledger", ledger, "--settled"};
        words.insert(words.end(), more.begin(), more.end());
        auto settings = new_settings();
        settings.erase("ORDERFLOW_QUEUE_URL");
        ServerProcess process(settings, {}, words);
        return end_of(process);
    }
    static void expect_sound(const Ended& audited) {
        EXPECT_EQ(audited.code, 0) << audited.text << audited.errors;
        for (const auto* line : {"lost", "doubled", "phantom", "oversold", "double_charged", "money_mismatch",
                                 "illegal_history", "queue_mismatch"}) {
            EXPECT_THAT(audited.text, ContainsRegex(std::string(line) + " +0 "));
        }
    }
    static long long rows(const std::string& sql) { return std::stoll(database().sql(sql)); }

    TempDir dir;
    fs::path data = dir.path() / "data";
    fs::path there = dir.path() / "there";
    fs::path carried = dir.path() / "carried";
    std::string ledger = dir / "ledger";
    std::string url = database().url();
    std::uint16_t queue_port = 0;
    std::unique_ptr<ServerProcess> queue, worker, api;
};

std::string key_of(const std::string& name) { return "move-test-key-" + name; }

// The endpoint of a running program's queues, as a client without credentials sees it.
Answer call_queue(const ServerProcess& server, const std::string& action, const std::string& members) {
    const auto& ready = server.stdout_text();
    const auto end = ready.find("/ (Amazon SQS)");
    const ShopClient client(static_cast<std::uint16_t>(std::stoul(ready.substr(ready.rfind(':', end) + 1))));
    return client
        .try_request("POST", "/",
                     {{"Content-Type", "application/x-amz-json-1.0"}, {"X-Amz-Target", "AmazonSQS." + action}},
                     R"({"QueueUrl":"http://127.0.0.1/000000000000/orders")" + members + "}")
        .value();
}

// Carries out a command of an operator; its record when it is over.
Answer command(const ShopClient& shop, const std::string& target, const std::string& body) {
    const auto accepted = shop.try_request("POST", target, {{"Content-Type", "application/json"}}, body).value();
    EXPECT_EQ(accepted.status, 202) << accepted.body;
    for (;;) {
        auto record = shop.get(accepted.fields.at("location"));
        if (record.status == 200 && record.text("state") != "running") return record;
    }
}

// As retention does it after years.
void bury(const fs::path& store_file, const std::string& order) {
    SimLoop loop;
    const auto pricing = orders::samples::pricing();
    storage::SqliteStoreOptions options;
    options.path = store_file.string();
    const auto store = storage::SqliteOrderStore::open(loop, loop.clock(), pricing, options).value();
    const auto reader = storage::SqliteOrderReader::open(loop, options.path, store->stored_ids(), {}).value();
    const auto id = orders::OrderId::parse(order).value();
    const auto found = loop.run(reader->find(id)).value().order.value();
    ASSERT_TRUE(loop.run(store->bury(id, found.version)));
}

// Orders in every state, by what became of them: key, body and id.
struct Known {
    std::string id;
    std::string body;
};
class EveryState : public AMove {
  protected:
    Known place(const ShopClient& shop, const std::string& name, std::string_view token = "tok_ok") {
        const auto body = order_body({{std::string(sku), 1}}, token);
        const Known known{shop.post_order(key_of(name), body).text("id"), body};
        orders[name] = known;
        return known;
    }

    // Nobody works: an order whose message was received too often.
    void leave_one_that_will_be_held() {
        ServerProcess old(old_settings("off"));
        place(ShopClient(old.wait_until_ready()), "held");
        while (call_queue(old, "ReceiveMessage", R"(,"VisibilityTimeout":0)").body.find("Body") != std::string::npos) {
        }
        old.terminate();
        ASSERT_EQ(old.wait(), 0);
    }

    void work() {
        ServerProcess old(old_settings());
        const auto port = old.wait_until_ready();
        const ShopClient shop(port);
        ASSERT_EQ(shop.wait_until_settled(orders["held"].id), "on_hold");
        ASSERT_EQ(shop.wait_until_settled(place(shop, "confirmed").id), "confirmed");
        ASSERT_EQ(shop.wait_until_settled(place(shop, "rejected", "tok_declined").id), "rejected");
        ASSERT_EQ(shop.wait_until_settled(place(shop, "buried", "tok_declined").id), "rejected");
        ASSERT_EQ(shop.wait_until_settled(place(shop, "cancelled").id), "confirmed");
        shop.cancel(orders["cancelled"].id);
        while (shop.get("/v1/orders/" + orders["cancelled"].id).text("status") != "cancelled") {
        }
        const auto loaded = load(port, {"--orders", "300", "--rate", "300", "--mix", "all,slow=0", "--settle"});
        ASSERT_EQ(loaded.code, 0) << loaded.text << loaded.errors;
        // The last thing: what happens from now on is not told before the program is stopped.
        ASSERT_EQ(command(shop, "/v1/admin/webhooks", R"({"url":")" + hook.url + R"("})").text("state"), "done");
        ASSERT_EQ(shop.wait_until_settled(place(shop, "untold").id), "confirmed");
        while (!hook.was_called()) std::this_thread::yield();
        old.terminate();
        ASSERT_EQ(old.wait(), 0) << old.stderr_text();
    }

    // Nobody works: orders and commands that wait, one with a delivery under way, one with a delay.
    void leave_waiting() {
        ServerProcess old(old_settings("off"));
        const auto port = old.wait_until_ready();
        const ShopClient shop(port);
        place(shop, "under-way");
        call_queue(old, "ReceiveMessage", R"(,"VisibilityTimeout":15)");
        place(shop, "waiting");
        place(shop, "to-be-cancelled");
        ASSERT_EQ(shop.cancel(orders["to-be-cancelled"].id).status, 202);
        const auto loaded =
            load(port, {"--orders", "200", "--rate", "1000", "--seed", "5", "--mix", "all,slow=0,reuse=0"});
        ASSERT_EQ(loaded.code, 0) << loaded.text << loaded.errors;
        old.terminate();
        ASSERT_EQ(old.wait(), 0);
    }

    HookReceiver hook;
    std::map<std::string, Known> orders;
};

TEST_F(EveryState, WhenMoved_ThenEachOrderIsThereUnderItsIdAndGoesOn_AndNothingIsLostOrDoubled) {
    leave_one_that_will_be_held();
    work();
    bury(data / "orders.db", orders["buried"].id);
    leave_waiting();
    start_queue();

    const auto checked = move({"--check"});
    const auto moved = move({"--carry", carried.string()});

    EXPECT_EQ(checked.code, 0) << checked.text << checked.errors;
    EXPECT_THAT(checked.text, AllOf(HasSubstr("would move"), HasSubstr("without tables"), HasSubstr("secrets")));
    ASSERT_EQ(moved.code, 0) << moved.text << moved.errors;
    EXPECT_THAT(moved.text, AllOf(HasSubstr("each compared"), ContainsRegex("orders-commands +[1-9][0-9]* messages")));
    carry_in();
    hook.open();
    const auto shop = start_new();

    // What was over is as it was.
    const std::map<std::string, std::string> as_before{{"confirmed", "confirmed"},
                                                       {"rejected", "rejected"},
                                                       {"cancelled", "cancelled"},
                                                       {"untold", "confirmed"},
                                                       {"held", "on_hold"}};
    for (const auto& [name, status] : as_before) {
        EXPECT_EQ(shop.get("/v1/orders/" + orders[name].id).text("status"), status) << name;
    }
    EXPECT_EQ(shop.get("/v1/orders/" + orders["buried"].id).status, 410);
    // What waited comes to its end.
    for (const auto* name : {"under-way", "waiting"}) {
        EXPECT_EQ(shop.wait_until_settled(orders[name].id), "confirmed") << name;
    }
    EXPECT_EQ(shop.wait_until_settled(orders["to-be-cancelled"].id), "cancelled");
    // A repeated key meets its order, whatever became of it; other content is refused where it is known.
    for (const auto& [name, known] : orders) {
        const auto again = shop.post_order(key_of(name), known.body);
        if (name == "buried") continue;
        EXPECT_EQ(again.status, 202) << name << again.body;
        EXPECT_EQ(again.text("id"), known.id) << name;
        EXPECT_TRUE(again.fields.contains("idempotent-replayed")) << name;
        EXPECT_EQ(shop.post_order(key_of(name), order_body({{std::string(sku), 2}})).status, 422) << name;
    }
    // An order that moved goes on: a cancel raises its version, and the history has no gap.
    ASSERT_EQ(shop.cancel(orders["confirmed"].id).status, 202);
    while (shop.get("/v1/orders/" + orders["confirmed"].id).text("status") != "cancelled") {
    }
    const auto events = shop.get("/v1/orders/" + orders["confirmed"].id + "/events").document();
    std::int64_t version = 0;
    for (const auto& event : *events.find("data")->array()) {
        EXPECT_EQ(event.find("version")->number()->to_int64(), ++version);
    }
    // The letter of the order on hold is there and can be sent again.
    const auto letters = shop.get("/v1/admin/dead-letters?order=" + orders["held"].id).document();
    const auto number = std::string(letters.find("data")->array()->front().find("number")->number()->text);
    EXPECT_EQ(command(shop, "/v1/admin/dead-letters/" + number + "/redrive", "{}").text("state"), "done");
    while (shop.get("/v1/orders/" + orders["held"].id).text("status") == "on_hold") {
    }
    EXPECT_EQ(shop.wait_until_settled(orders["held"].id), "confirmed");
    // The shop is told what it was not told before.
    std::string told;
    while (told.find(orders["untold"].id) == std::string::npos) told = hook.take();

    settle_all(api->wait_until_ready());
    stop_new();
    expect_sound(audit({"--partial"}));
}

TEST_F(AMove, GivenADirectoryThatMoved_ThenNoProgramStartsOnIt_AndTakenBackItGoesOn) {
    leave_waiting(50);
    start_queue();
    ASSERT_EQ(move().code, 0);

    for (const auto* program : {"orderflow", "queue-service", "worker-service", "api-service"}) {
        ServerProcess refused(old_settings(), {}, {}, program);
        EXPECT_EQ(refused.wait(), 1) << program;
        EXPECT_THAT(refused.stderr_text(), AllOf(HasSubstr("installation.moved"), HasSubstr("--take-back")));
    }
    const auto taken = move({"--take-back"});

    EXPECT_EQ(taken.code, 0) << taken.errors;
    ServerProcess old(old_settings());
    const auto settled = load(old.wait_until_ready(), {"--orders", "1", "--rate", "1", "--settle"});
    EXPECT_EQ(settled.code, 0) << settled.text << settled.errors;
    old.terminate();
    EXPECT_EQ(old.wait(), 0);
    ServerProcess judged({{"ORDERFLOW_DATA_DIR", data.string()}}, {}, {"audit", "--ledger", ledger, "--settled"});
    expect_sound(end_of(judged));
}

TEST_F(AMove, GivenTheNewSideHasTakenAnOrderOrWorked_ThenItIsNotTakenBack) {
    leave_waiting(5);
    start_queue();
    ASSERT_EQ(move({"--carry", carried.string()}).code, 0);
    carry_in();
    {
        ServerProcess accepting(new_settings(), {}, {}, "api-service");
        const ShopClient shop(accepting.wait_until_ready());
        ASSERT_EQ(shop.post_order(key_of("taken-there"), order_body({{std::string(sku), 1}})).status, 202);
    }
    const auto with_an_order = move({"--take-back"});
    start_new();
    settle_all(api->wait_until_ready());
    worker->terminate();
    EXPECT_EQ(worker->wait(), 0);

    const auto with_work = move({"--take-back"});

    for (const auto& refused : {with_an_order, with_work}) {
        EXPECT_EQ(refused.code, 1);
        EXPECT_THAT(refused.errors, HasSubstr("move.target_differs"));
    }
    ServerProcess old(old_settings());
    EXPECT_EQ(old.wait(), 1);
}

TEST_F(AMove, GivenMessagesThatHaveLeft_WhenTheDatabaseIsEmptiedAndItIsRunAgain_ThenItLeavesNoneOfThemOut) {
    leave_waiting(5);
    start_queue();
    ASSERT_EQ(move().code, 0);
    database().sql(
        "DO $$DECLARE here text := current_schema(); BEGIN EXECUTE format('DROP SCHEMA %I CASCADE', here);"
        " EXECUTE format('CREATE SCHEMA %I', here); END$$");

    const auto again = move();

    EXPECT_EQ(again.code, 1);
    EXPECT_THAT(again.errors, HasSubstr("move.target_emptied"));
}

TEST_F(AMove, GivenAProgramOnTheDirectory_ThenItIsRefused) {
    start_queue();
    ServerProcess old(old_settings());
    old.wait_until_ready();

    const auto checked = move({"--check"});
    const auto refused = move();

    EXPECT_EQ(checked.code, 0) << checked.text << checked.errors;
    EXPECT_EQ(refused.code, 1);
    EXPECT_THAT(refused.errors, HasSubstr("data_dir.in_use"));
    EXPECT_FALSE(fs::exists(data / "moved"));
}

TEST_F(AMove, GivenATargetThatIsNotEmptyOrDoesNotAnswer_ThenNothingLeavesAndTheProgramStartsAgain) {
    leave_waiting(5);
    start_queue();
    {
        ServerProcess other({{"ORDERFLOW_DATA_DIR", dir / "other"}, {"DATABASE_URL", url}});
        other.wait_until_ready();
        other.terminate();
        ASSERT_EQ(other.wait(), 0);
    }
    const auto filled = move();
    EXPECT_EQ(filled.code, 1);
    EXPECT_THAT(filled.errors, HasSubstr("move.target_filled"));

    url = database().url();
    const auto other_queue = "http://127.0.0.1:" + std::to_string(queue_port) + "/000000000000/none";
    ServerProcess without_queue({}, {}, {"move", "--to", url, "--queue-url", other_queue, "--data", data.string()});
    EXPECT_THAT(end_of(without_queue).errors, HasSubstr("queue.unknown"));

    call_queue(*queue, "SendMessage", R"(,"MessageBody":"x")");
    const auto queue_filled = move();
    EXPECT_EQ(queue_filled.code, 1);
    EXPECT_THAT(queue_filled.errors, HasSubstr("move.queue_filled"));

    queue->kill();
    const auto silent = move();
    EXPECT_EQ(silent.code, 1);
    EXPECT_THAT(silent.errors, HasSubstr("queue.down"));

    EXPECT_FALSE(fs::exists(data / "moved"));
    ServerProcess old(old_settings());
    old.wait_until_ready();
}

TEST_F(AMove, GivenKillNineWhileTheStoreIsCopied_ThenNothingIsThere_AndTheSameCommandEndsIt) {
    leave_waiting(200);
    start_queue();
    ServerProcess::Settings migration{{"DATABASE_URL", url}};
    ServerProcess migrate(migration, {}, {"migrate"});
    ASSERT_EQ(migrate.wait(), 0);
    database().sql(
        "CREATE TABLE gate (n int); CREATE FUNCTION wait() RETURNS trigger LANGUAGE plpgsql AS"
        " 'BEGIN LOCK TABLE gate; RETURN NEW; END';"
        " CREATE TRIGGER wait BEFORE INSERT ON products FOR EACH ROW EXECUTE FUNCTION wait()");
    {
        // Until its session is ended, not for a time: a slow machine may take longer to come to the gate.
        std::jthread holding(
            [&] { EXPECT_THROW(database().sql("BEGIN; LOCK TABLE gate; SELECT pg_sleep(3600)"), std::exception); });
        const auto waiting = [&](long long sessions) {
            while (rows("SELECT count(*) FROM pg_locks WHERE relation = 'gate'::regclass") < sessions) {
            }
        };
        waiting(1);
        const auto cut = moving({"--carry", carried.string()});
        waiting(2);
        cut->kill();
        database().sql("SELECT pg_terminate_backend(pid) FROM pg_locks WHERE relation = 'gate'::regclass AND granted");
    }
    EXPECT_EQ(rows("SELECT count(*) FROM products"), 0);
    EXPECT_TRUE(fs::exists(data / "moved"));
    ServerProcess refused(old_settings());
    EXPECT_EQ(refused.wait(), 1);
    EXPECT_THAT(refused.stderr_text(), HasSubstr("has not ended"));

    const auto moved = move({"--carry", carried.string()});

    ASSERT_EQ(moved.code, 0) << moved.errors;
    expect_all_to_settle_there();
}

TEST_F(AMove, GivenAnEndpointThatDiesInTheMiddle_WhenTheCommandIsRunAgain_ThenEachOrderSettlesOnce) {
    leave_waiting(30'000);  // for half a second: enough to come in between
    start_queue();
    const auto cut = moving_until_some_were_sent();
    queue->kill();
    const auto failed = end_of(*cut);
    start_queue();

    const auto moved = move({"--carry", carried.string()});

    EXPECT_EQ(failed.code, 1) << failed.text;
    EXPECT_THAT(failed.errors, HasSubstr("queue."));
    ASSERT_EQ(moved.code, 0) << moved.errors;
    EXPECT_THAT(moved.text, HasSubstr("holds already")) << "the store was there and was compared";
    EXPECT_THAT(moved.text, ContainsRegex("orders +([1-9][0-9]{0,3}|[12][0-9]{4}) messages")) << "it went on, not anew";
    expect_all_to_settle_there();
}

TEST_F(AMove, GivenKillNineWhileMessagesAreSent_WhenTheCommandIsRunAgain_ThenEachOrderSettlesOnce) {
    leave_waiting(30'000);
    start_queue();
    const auto cut = moving_until_some_were_sent();
    cut->kill();

    const auto moved = move({"--carry", carried.string()});

    ASSERT_EQ(moved.code, 0) << moved.errors;
    expect_all_to_settle_there();
}

}  // namespace
}  // namespace orderflow::e2e

// Goal: `orderflow load` writes down what clients saw, and `orderflow audit` proves with it that the installation kept
// its promises; every way in which one is broken afterwards shows in the line made for it, with the order's name.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>

#include <filesystem>
#include <fstream>

#include "libs/json/parse.hpp"
#include "libs/payments/payment_ledger.hpp"
#include "libs/sqlite/data_dir_lock.hpp"
#include "libs/sqlite/database.hpp"
#include "libs/testing/temp_dir.hpp"
#include "orderflow/load/ledger_file.hpp"
#include "orderflow/load/server_counters.hpp"
#include "tests/e2e/server_process.hpp"
#include "tests/e2e/shop_client.hpp"

namespace orderflow::e2e {
namespace {

using ::testing::AllOf;
using ::testing::ContainsRegex;
using ::testing::HasSubstr;
using Words = std::vector<std::string>;
namespace fs = std::filesystem;

struct Ended {
    int code = 0;
    std::string text;  // stdout
    std::string errors;
};

Ended run(const Words& words, const ServerProcess::Settings& settings = {}) {
    ServerProcess process(settings, {}, words);
    const int code = process.wait(std::chrono::seconds(100));
    return {code, process.stdout_text(), process.stderr_text()};
}

std::string url(std::uint16_t port) { return "http://127.0.0.1:" + std::to_string(port); }

Ended load(std::uint16_t port, Words words) {
    words.insert(words.begin(), {"load", "--url", url(port)});
    return run(words);
}

std::int64_t number(const json::Value& object, std::string_view name) {
    return object.find(name)->number()->to_int64().value();
}

// An installation with its ledger, in a directory of its own.
struct Shop {
    TempDir dir;
    fs::path data = dir.path() / "data";
    std::string ledger = dir / "ledger";

    ServerProcess::Settings settings(const std::string& worker = "on") const {
        return {{"ORDERFLOW_DATA_DIR", data.string()},
                {"ORDERFLOW_LOG_LEVEL", "error"},
                {"ORDERFLOW_WORKER", worker},
                {"ORDERFLOW_DRAIN_SECONDS", "5"}};
    }

    Ended audit(Words words = {}) const {
        words.insert(words.begin(), {"audit", "--ledger", ledger, "--data", data.string()});
        return run(words);
    }

    // Load on a server that is stopped afterwards.
    Ended fill(Words words, const std::string& worker = "on") const {
        ServerProcess server(settings(worker));
        words.insert(words.end(), {"--ledger", ledger});
        const auto ended = load(server.wait_until_ready(), std::move(words));
        server.terminate();
        EXPECT_EQ(server.wait(), 0) << server.stderr_text();
        return ended;
    }

    void change(const std::string& file, const std::string& sql) const {
        auto database = sqlite::Database::open((data / file).string(), {});
        ASSERT_TRUE(database) << database.error().detail();
        const auto done = database->execute(sql);
        ASSERT_TRUE(done) << done.error().detail();
    }

    payments::PaymentLedger provider() const {
        return payments::PaymentLedger::open((data / "payments-simulated.db").string()).value();
    }
};

// One load for all tests that break something in a copy of what it left.
class AfterALoad : public ::testing::Test {
  protected:
    static void SetUpTestSuite() {
        original = new Shop;
        loaded = new Ended(
            original->fill({"--orders", "400", "--rate", "400", "--mix", "all,slow=0", "--settle", "--seed", "11"}));
    }
    static void TearDownTestSuite() {
        delete loaded;
        delete original;
    }

    AfterALoad() {
        fs::copy(original->data, shop.data, fs::copy_options::recursive);
        fs::copy_file(original->ledger, shop.ledger);
    }

    // An order that was charged and kept.
    static payments::ProviderEffect a_charge(payments::PaymentLedger& provider) {
        const auto effects = provider.list(0, 1000).value();
        for (const auto& effect : effects) {
            const bool refunded = std::ranges::any_of(effects, [&](const auto& other) {
                return other.order == effect.order && other.kind == payments::EffectKind::refund;
            });
            if (effect.state == orders::EffectState::captured && !refunded) return effect;
        }
        throw std::runtime_error("nothing was charged");
    }
    static void keep(payments::PaymentLedger& provider, payments::ProviderEffect effect) {
        auto transaction = provider.begin();
        ASSERT_TRUE(transaction);
        effect.number = 0;
        ASSERT_TRUE(provider.save(effect));
        ASSERT_TRUE(transaction->commit());
    }

    static inline Shop* original = nullptr;
    static inline Ended* loaded = nullptr;
    Shop shop;
};

TEST_F(AfterALoad, WithAMixOfEverything_ThenItIsSound) {
    EXPECT_EQ(loaded->code, 0) << loaded->text << loaded->errors;
    EXPECT_THAT(loaded->text, AllOf(HasSubstr("errors 0\n"), HasSubstr("all settled"), HasSubstr("p99.9")));

    const auto audited = shop.audit();

    EXPECT_EQ(audited.code, 0) << audited.text << audited.errors;
    for (const auto* line : {"lost", "doubled", "phantom", "oversold", "double_charged", "money_mismatch",
                             "illegal_history", "queue_mismatch"}) {
        EXPECT_THAT(audited.text, ContainsRegex(std::string(line) + " +0 "));
    }
    EXPECT_THAT(audited.text, HasSubstr("\nsound"));
}

TEST_F(AfterALoad, WhenAskedForJson_ThenTheCountsAgreeWithTheLedger) {
    const auto ledger = load::read_ledger(shop.ledger).value();

    const auto audited = shop.audit({"--json", "--settled"});

    const auto document = json::parse(audited.text, {.bytes = 1 << 16}).value();
    EXPECT_EQ(document.find("sound")->boolean(), true);
    EXPECT_EQ(number(document, "lost"), 0);
    const auto& seen = *document.find("seen");
    EXPECT_EQ(number(seen, "attempts"), static_cast<std::int64_t>(ledger.history.attempts.size()));
    EXPECT_GT(number(seen, "acknowledged"), 300);
    EXPECT_EQ(number(seen, "stored"), number(seen, "acknowledged"));
    EXPECT_EQ(number(seen, "settled"), number(seen, "stored"));
    EXPECT_GT(number(seen, "charges"), 200);
    EXPECT_GT(number(seen, "refunds"), 0) << "the mix cancels paid orders";
}

TEST_F(AfterALoad, AndAnAuditWhileTheProgramRuns_ThenItIsRefusedAndNothingIsTouched) {
    ServerProcess server(shop.settings());
    server.wait_until_ready();

    const auto audited = shop.audit();

    EXPECT_EQ(audited.code, 2);
    EXPECT_EQ(audited.text, "");
    EXPECT_THAT(audited.errors, AllOf(HasSubstr("data_dir.in_use"), HasSubstr(std::to_string(server.pid()))));
}

TEST_F(AfterALoad, WhenAnOrderIsTakenOutOfTheStore_ThenItIsLost) {
    const auto order = [&] {
        auto provider = shop.provider();
        return a_charge(provider).order;
    }();
    std::string hex;
    for (const auto byte : order.bytes()) {
        constexpr std::string_view digits = "0123456789abcdef";
        hex += digits[std::to_integer<unsigned>(byte) >> 4U];
        hex += digits[std::to_integer<unsigned>(byte) & 15U];
    }
    shop.change("orders.db", "DELETE FROM orders WHERE id = x'" + hex + "'");

    const auto audited = shop.audit();

    EXPECT_EQ(audited.code, 1);
    EXPECT_THAT(audited.text, ContainsRegex("lost +1 "));
    EXPECT_THAT(audited.text, HasSubstr("  " + order.to_string() + ": it was acknowledged and is not stored\n"));
}

TEST_F(AfterALoad, WhenTheProviderChargedAnOrderOnceMore_ThenItIsDoubleCharged) {
    std::string order;
    {
        auto provider = shop.provider();
        auto charge = a_charge(provider);
        order = charge.order.to_string();
        charge.key.value += "/again";
        keep(provider, charge);
    }

    const auto audited = shop.audit();

    EXPECT_EQ(audited.code, 1);
    EXPECT_THAT(audited.text, ContainsRegex("double_charged +1 "));
    EXPECT_THAT(audited.text, HasSubstr("  " + order + ": it was charged twice\n"));
    EXPECT_THAT(audited.text, ContainsRegex("lost +0 "));
}

TEST_F(AfterALoad, WhenTheProviderTookAnotherAmount_ThenTheMoneyDoesNotAddUp) {
    auto charge = [&] {
        auto provider = shop.provider();
        return a_charge(provider);
    }();
    shop.change("payments-simulated.db", "DELETE FROM effects WHERE number = " + std::to_string(charge.number));
    charge.amount = orders::Money(charge.amount.minor + 1, charge.amount.currency);
    {
        auto provider = shop.provider();
        keep(provider, charge);
    }

    const auto audited = shop.audit();

    EXPECT_EQ(audited.code, 1);
    EXPECT_THAT(audited.text, ContainsRegex("money_mismatch +[12] "));
    EXPECT_THAT(audited.text, HasSubstr("  " + charge.order.to_string() + ": "));
    EXPECT_THAT(audited.text, ContainsRegex("double_charged +0 "));
}

TEST_F(AfterALoad, WhenARowWasChangedByHand_ThenNothingIsJudgedAndTheFileIsNamed) {
    shop.change("payments-simulated.db", "UPDATE effects SET amount = amount + 1 WHERE number = 1");

    const auto audited = shop.audit();

    EXPECT_EQ(audited.code, 2);
    EXPECT_THAT(audited.errors, AllOf(HasSubstr("payments-simulated.db"), HasSubstr("disk.corrupt")));
}

TEST_F(AfterALoad, WhenTheLedgerKnowsNothingOfAnOrder_ThenItIsAPhantomUnlessThereWereOtherClients) {
    const auto some = load::read_ledger(shop.ledger).value().history.attempts;
    const auto key = std::ranges::find_if(some, [](const auto& attempt) { return attempt.order.has_value(); })->key;
    fs::remove(shop.ledger);
    {
        auto rewritten = load::LedgerWriter::open(shop.ledger, "without-one", {}).value();
        for (const auto& attempt : some) {
            if (attempt.key != key) rewritten.add(attempt);
        }
        ASSERT_TRUE(rewritten.finish());
    }

    EXPECT_EQ(shop.audit({"--partial"}).code, 0);
    const auto audited = shop.audit();

    EXPECT_EQ(audited.code, 1);
    EXPECT_THAT(audited.text, ContainsRegex("phantom +[12] "));
    EXPECT_THAT(audited.text, HasSubstr(": nobody asked for it\n"));
}

TEST_F(AfterALoad, WhenAnotherStoreIsMeant_ThenItIsNotAuditedUnderThisName) {
    const auto other = original->data / "orders.db";
    const ServerProcess::Settings settings{{"DATABASE_URL", "sqlite:" + other.string()}};

    const auto audited = run({"audit", "--ledger", shop.ledger, "--data", shop.data.string()}, settings);

    EXPECT_EQ(audited.code, 2);
    EXPECT_THAT(audited.errors, AllOf(HasSubstr("audit.other_store"), HasSubstr(other.string())));
}

TEST_F(AfterALoad, WhenItsStoreIsOpenElsewhere_ThenNothingIsAudited) {
    const auto held = sqlite::DataDirLock::acquire((shop.data / "orders.db.lock").string());
    ASSERT_TRUE(held);

    const auto audited = shop.audit();

    EXPECT_EQ(audited.code, 2);
    EXPECT_THAT(audited.errors, AllOf(HasSubstr("data_dir.in_use"), HasSubstr("orders.db.lock")));
}

TEST_F(AfterALoad, WhenTheCommandLineOrTheFilesAreWrong_ThenNothingIsAudited) {
    const auto no_data = run({"audit", "--ledger", shop.ledger, "--data", (shop.dir / "none")});
    EXPECT_EQ(no_data.code, 2);
    EXPECT_THAT(no_data.errors, AllOf(HasSubstr("none"), HasSubstr("--data")));
    EXPECT_FALSE(fs::exists(shop.dir / "none"));

    const auto no_ledger = run({"audit", "--ledger", shop.dir / "absent", "--data", shop.data.string()});
    EXPECT_EQ(no_ledger.code, 2);
    EXPECT_THAT(no_ledger.errors, HasSubstr("absent"));

    EXPECT_EQ(run({"audit", "--no-such-option"}).code, 2);
    EXPECT_EQ(run({"nonsense"}).code, 2);
}

TEST(AnOrderThatWaits, IsSoundUntilItsMessageIsGone) {
    const Shop shop;
    const auto filled = shop.fill({"--orders", "50"}, "off");
    ASSERT_EQ(filled.code, 0) << filled.text << filled.errors;

    const auto waiting = shop.audit();
    EXPECT_EQ(waiting.code, 0) << waiting.text;
    EXPECT_THAT(waiting.text, HasSubstr("50 messages wait"));
    EXPECT_EQ(shop.audit({"--settled"}).code, 1) << "asked for, an audit insists that nothing waits";

    shop.change("queue.db", "DELETE FROM messages WHERE key = (SELECT min(key) FROM messages)");
    const auto audited = shop.audit();

    EXPECT_EQ(audited.code, 1);
    EXPECT_THAT(audited.text, ContainsRegex("lost +1 "));
    EXPECT_THAT(audited.text, ContainsRegex("queue_mismatch +1 "));
    EXPECT_THAT(audited.text, HasSubstr("  orders: its counter says 50, there are 49\n"));
}

TEST(AFlashSale, WithMoreOrdersThanPieces_ThenWhatIsThereIsSoldAndNoMore) {
    constexpr auto sku = "NB-PRESS-01";
    const Shop shop;
    std::int64_t pieces = 0;
    {
        ServerProcess server(shop.settings());
        const auto port = server.wait_until_ready();
        pieces = ShopClient(port).available(sku);
        const auto sold = load(port, {"--flash-sale", sku, "--orders", "200", "--settle", "--ledger", shop.ledger});
        EXPECT_EQ(sold.code, 0) << sold.text << sold.errors;
        EXPECT_EQ(ShopClient(port).available(sku), 0);
        server.terminate();
        server.wait();
    }

    const auto audited = shop.audit({"--json"});

    EXPECT_EQ(audited.code, 0) << audited.text;
    const auto document = json::parse(audited.text, {.bytes = 1 << 16}).value();
    EXPECT_EQ(number(document, "oversold"), 0);
    EXPECT_EQ(number(*document.find("seen"), "charges"), pieces);
    EXPECT_EQ(number(*document.find("seen"), "acknowledged"), 200);
}

// Orders that the server has acknowledged so far; nothing while it is away.
std::optional<std::uint64_t> accepted(std::uint16_t port) {
    const auto page = ShopClient(port).try_request("GET", "/metrics");
    return page ? load::read_counters(page->body).accepted : std::nullopt;
}

void wait_for_orders(std::uint16_t port, std::uint64_t count) {
    while (accepted(port).value_or(0) < count) {
    }
}

TEST(ALoadThatKeepsGoing, WhenTheServerIsKilledUnderIt_ThenItGoesOnAndTheAuditIsSound) {
    const Shop shop;
    auto settings = shop.settings();
    std::optional<ServerProcess> server(std::in_place, settings);
    const auto port = server->wait_until_ready();
    settings["ORDERFLOW_LISTEN"] = "127.0.0.1:" + std::to_string(port);
    ServerProcess generator({}, {},
                            {"load", "--url", url(port), "--rate", "300", "--duration", "1h", "--mix", "all,slow=0",
                             "--ledger", shop.ledger, "--keep-going"});
    for (int kills = 0; kills < 3; ++kills) {
        wait_for_orders(port, 100);
        server->kill();
        server.emplace(settings);
        server->wait_until_ready();
    }
    wait_for_orders(port, 100);

    generator.terminate();

    EXPECT_EQ(generator.wait(), 0) << generator.stderr_text();
    EXPECT_THAT(generator.stdout_text(), HasSubstr("stopped: interrupted"));
    EXPECT_EQ(load(port, {"--orders", "1", "--settle", "--ledger", shop.ledger}).code, 0);
    server->terminate();
    EXPECT_EQ(server->wait(), 0);
    const auto audited = shop.audit({"--settled"});
    EXPECT_EQ(audited.code, 0) << audited.text;
    EXPECT_THAT(audited.text, HasSubstr("with 2 runs"));
}

TEST(ALoad, WhenTheServerStandsStill_ThenItEndsWithUnknownOutcomes) {
    const Shop shop;
    ServerProcess server(shop.settings());
    const auto port = server.wait_until_ready();
    server.signal(SIGSTOP);

    const auto ended =
        load(port, {"--sku", "PC-SHARP", "--orders", "3", "--timeout", "200ms", "--settle", "300ms", "--json"});

    server.signal(SIGCONT);
    EXPECT_EQ(ended.code, 1);
    const auto document = json::parse(ended.text, {.bytes = 1 << 16}).value();
    EXPECT_GE(number(document, "unknown"), 3);
    EXPECT_EQ(number(document, "accepted"), 0);
    EXPECT_TRUE(document.find("settled")->is_null());
}

TEST(ALoad, WhenNobodyListens_ThenItSaysSoAndWhatToDo) {
    const auto asked = run({"load", "--url", "http://127.0.0.1:1"});
    EXPECT_EQ(asked.code, 1);
    EXPECT_THAT(asked.errors, AllOf(HasSubstr("nobody listens at http://127.0.0.1:1"), HasSubstr("--url")));

    const auto sent = run({"load", "--url", "http://127.0.0.1:1", "--sku", "A", "--orders", "5"});
    EXPECT_EQ(sent.code, 1);
    EXPECT_THAT(sent.text, HasSubstr("stopped: nobody listens"));
}

}  // namespace
}  // namespace orderflow::e2e

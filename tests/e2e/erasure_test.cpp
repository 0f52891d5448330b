// Goal: what a customer gave this system is gone after an erasure, from every answer, from an export, from the order
// store and from the files of the installation, and its books still prove what they proved. Method: the real program
// over HTTP, on SQLite and on PostgreSQL; orders that end in every way; then the bytes of the data directory, and each
// row of each table.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <sstream>

#include "libs/testing/postgres_server.hpp"
#include "libs/testing/temp_dir.hpp"
#include "tests/e2e/server_process.hpp"
#include "tests/e2e/shop_client.hpp"

namespace orderflow::e2e {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
namespace fs = std::filesystem;

constexpr const char* email = "grace.hopper@example.net";

class Erasure : public ::testing::Test {
  protected:
    virtual ServerProcess::Settings settings() const {
        return {{"ORDERFLOW_DATA_DIR", data.path().string()}, {"ORDERFLOW_DRAIN_SECONDS", "5"}};
    }
    // Where the order store holds it, also while the program runs.
    virtual std::vector<std::string> stored_where(std::string_view text) const {
        auto found = files_with(text);
        std::erase_if(found, [](const std::string& file) { return !file.starts_with("orders.db"); });
        return found;
    }
    void erases_a_customer();

    static std::string order_of(std::string_view address, std::string_view token) {
        auto body = order_body({{"PC-SHARP", 1}}, token);
        const std::string before = "ada@example.com";
        body.replace(body.find(before), before.size(), address);
        if (address == email) body.insert(1, R"("notes":"leave it with Grace Hopper next door",)");
        return body;
    }
    std::string place(std::string_view address, std::string_view token = "tok_ok") {
        const ShopClient shop(port);
        const auto key = "erasure-test-key-" + std::to_string(++keys);
        const auto id = shop.post_order(key, order_of(address, token)).text("id");
        shop.wait_until_settled(id);
        return id;
    }
    Answer post(const std::string& target, std::string_view body) const {
        return ShopClient(port).try_request("POST", target, {{"Content-Type", "application/json"}}, body).value();
    }
    Answer get(const std::string& target) const { return ShopClient(port).get(target); }
    void ship(const std::string& id) const {
        const auto taken = post("/v1/admin/orders/" + id + "/fulfilments",
                                R"({"lines":[{"sku":"PC-SHARP","quantity":1}],"tracking_number":"0034"})");
        ASSERT_EQ(taken.status, 202) << taken.body;
        while (get("/v1/orders/" + id).text("status") != "completed") {
        }
    }
    // The audit record, once the command is over.
    Answer erase() const {
        const auto accepted = post("/v1/admin/customers/erase",
                                   R"({"email":"Grace.Hopper@example.net","by":"kim","reason":"request 17"})");
        EXPECT_EQ(accepted.status, 202) << accepted.body;
        for (;;) {
            auto record = get(accepted.fields.at("location"));
            if (record.status == 200 && record.text("state") != "running") return record;
        }
    }
    std::string run(std::vector<std::string> words) const {
        words.insert(words.end(), {"--data", data.path().string()});
        ServerProcess process(settings(), {}, words);
        EXPECT_EQ(process.wait(std::chrono::seconds(100)), 0) << process.stdout_text() << process.stderr_text();
        return process.stdout_text();
    }
    std::vector<std::string> files_with(std::string_view text) const {
        std::vector<std::string> found;
        for (const auto& entry : fs::recursive_directory_iterator(data.path())) {
            if (!entry.is_regular_file()) continue;
            std::ifstream file(entry.path(), std::ios::binary);
            const std::string bytes((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
            if (bytes.contains(text)) found.push_back(entry.path().filename());
        }
        return found;
    }
    void stop(ServerProcess& server) const {
        server.terminate();
        EXPECT_EQ(server.wait(), 0) << server.stderr_text();
    }

    TempDir data;
    std::uint16_t port = 0;
    int keys = 0;
};

void Erasure::erases_a_customer() {
    ServerProcess server(settings());
    port = server.wait_until_ready();
    const auto completed = place(email);
    ship(completed);
    const auto rejected = place(email, "tok_declined");
    const auto cancelled = place(email);
    ASSERT_EQ(ShopClient(port).cancel(cancelled).status, 202);
    while (get("/v1/orders/" + cancelled).text("status") != "cancelled") {
    }
    const auto confirmed = place(email);
    const auto of_another = place("ada@example.com");
    ASSERT_THAT(stored_where(email), Not(IsEmpty()));

    const auto record = erase();

    EXPECT_EQ(record.text("state"), "done");
    EXPECT_THAT(record.body, HasSubstr(R"("changed":3,"skipped":1)"));
    EXPECT_THAT(record.body, HasSubstr("3 orders erased, 1 kept."));
    EXPECT_THAT(record.body, HasSubstr(confirmed + " is confirmed."));
    const std::vector<std::pair<std::string, std::string>> ends{
        {completed, "completed"}, {rejected, "rejected"}, {cancelled, "cancelled"}};
    for (const auto& [id, last] : ends) {
        const auto gone = get("/v1/orders/" + id);
        EXPECT_EQ(gone.status, 410) << gone.body;
        EXPECT_EQ(gone.text("last_status"), last);
        EXPECT_EQ(get("/v1/orders/" + id + "/events").status, 410);
    }
    EXPECT_EQ(get("/v1/orders/" + confirmed).status, 200);
    EXPECT_EQ(ShopClient(port).post_order("erasure-test-key-1", order_of("x@example.com", "tok_ok")).status, 422)
        << "its key is not free again";

    ship(confirmed);
    EXPECT_THAT(erase().body, HasSubstr(R"("changed":1,"skipped":0)"));
    EXPECT_THAT(erase().body, HasSubstr(R"("changed":0,"skipped":0)")) << "nothing is left";
    EXPECT_THAT(get("/v1/orders?customer=" + std::string(email)).body, HasSubstr(R"("data":[])"));
    EXPECT_THAT(get("/v1/admin/audit").body, Not(HasSubstr("opper"))) << "the record is there without the name";
    EXPECT_EQ(get("/v1/orders/" + of_another).status, 200);
    EXPECT_THAT(stored_where(email), IsEmpty()) << "while it runs";

    const auto exported = run({"export"});
    EXPECT_THAT(exported, HasSubstr(of_another));
    EXPECT_THAT(exported, Not(HasSubstr(completed)));
    EXPECT_THAT(exported, Not(HasSubstr(email)));
    stop(server);
    EXPECT_THAT(files_with(email), IsEmpty()) << "after a stop";
    for (const std::string_view name : {"Grace.Hopper", "Grace Hopper"}) {
        EXPECT_THAT(files_with(name), IsEmpty());
        EXPECT_THAT(stored_where(name), IsEmpty());
    }
    const auto audit = run({"audit", "--settled"});
    EXPECT_THAT(audit, HasSubstr("4 tombstones"));
}

class ErasureOnPostgres : public Erasure {
  protected:
    ServerProcess::Settings settings() const override {
        auto chosen = Erasure::settings();
        chosen.emplace("DATABASE_URL", url);
        return chosen;
    }
    // Names of tables. Bytes are written in hexadecimal when a row is made a text.
    std::vector<std::string> stored_where(std::string_view text) const override {
        std::vector<std::string> found;
        for (const auto& table : lines(database.sql("SELECT tablename FROM pg_tables WHERE schemaname = "
                                                    "current_schema()"))) {
            const auto rows = database.sql("SELECT count(*) FROM " + table + " t WHERE position('" + std::string(text) +
                                           "' IN t::text) > 0 OR position(encode('" + std::string(text) +
                                           "'::bytea, 'hex') IN t::text) > 0");
            if (rows.find_first_of("123456789") != std::string::npos) found.push_back(table);
        }
        return found;
    }
    static std::vector<std::string> lines(const std::string& text) {
        std::vector<std::string> found;
        std::istringstream in(text);
        for (std::string line; std::getline(in, line);) found.push_back(line);
        return found;
    }

    PostgresServer database;
    std::string url = database.url();
};

TEST_F(Erasure, GivenACustomersOrders_WhenErased_ThenAnswersExportAndFilesAreFreeOfThemAndTheBooksAreWhole) {
    erases_a_customer();
}

TEST_F(ErasureOnPostgres, GivenACustomersOrders_WhenErased_ThenAnswersExportAndTablesAreFreeOfThemAndTheBooksAreWhole) {
    erases_a_customer();
}

}  // namespace
}  // namespace orderflow::e2e

#include "orderflow/move/carried_files.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <iterator>

#include "libs/sqlite/database.hpp"
#include "libs/testing/temp_dir.hpp"

namespace orderflow {
namespace {

using ::testing::ElementsAre;
namespace fs = std::filesystem;

constexpr auto private_file = fs::perms::owner_read | fs::perms::owner_write;

class ADirectoryToCarryFrom : public ::testing::Test {
  protected:
    ADirectoryToCarryFrom() {
        fs::create_directory(data);
        for (const auto* name : {"secrets", "admin-token", "api-keys.json", "installation", "moved", "lock", "queue.db",
                                 "queue.db-wal", "orders.db", "orderflow.running"}) {
            std::ofstream(data / name) << name;
        }
        auto ledger = sqlite::Database::open((data / "payments-simulated.db").string(), {}).value();
        EXPECT_TRUE(ledger.execute("CREATE TABLE charges (n INTEGER); INSERT INTO charges VALUES (1), (2)"));
    }

    Result<void> carry() const {
        return carry_files(to, data,
                           {.lock = data / "lock",
                            .journal = data / "queue.db",
                            .store = {},
                            .payments = data / "payments-simulated.db"},
                           "A=1\n");
    }
    static std::string content_of(const fs::path& file) {
        std::ifstream in(file);
        return {std::istreambuf_iterator<char>(in), {}};
    }

    TempDir dir;
    fs::path data = dir.path() / "data";
    fs::path to = dir.path() / "carried";
};

TEST_F(ADirectoryToCarryFrom, ThenSecretsAndKeysTravelAndWhatBelongsToTheDirectoryStays) {
    EXPECT_THAT(files_that_travel(data), ElementsAre("admin-token", "api-keys.json", "secrets"));
}

TEST_F(ADirectoryToCarryFrom, WhenCarried_ThenOnlyItsOwnerReadsItAndTheLedgerIsWhole) {
    ASSERT_TRUE(carry());

    EXPECT_EQ(fs::status(to).permissions(), fs::perms::owner_all);
    for (const auto& entry : fs::directory_iterator(to)) EXPECT_EQ(entry.status().permissions(), private_file);
    EXPECT_EQ(content_of(to / "secrets"), "secrets");
    EXPECT_EQ(content_of(to / settings_file), "A=1\n");
    auto ledger = sqlite::Database::open((to / "payments-simulated.db").string(), {}).value();
    EXPECT_EQ(ledger.query_int("SELECT count(*) FROM charges"), 2);
}

TEST_F(ADirectoryToCarryFrom, GivenADirectoryThatIsThere_ThenItIsRefusedAndLeftAlone) {
    fs::create_directory(to);
    std::ofstream(to / "precious") << "x";

    const auto carried = carry();

    EXPECT_EQ(carried.error().code(), "move.carry_exists");
    EXPECT_EQ(std::distance(fs::directory_iterator(to), {}), 1);
}

TEST_F(ADirectoryToCarryFrom, GivenAnEarlierOneThatWasCutOff_WhenCarriedAgain_ThenItIsWhole) {
    fs::create_directory(to.string() + ".new");
    std::ofstream(to.string() + ".new/secrets") << "hal";

    ASSERT_TRUE(carry());

    EXPECT_EQ(content_of(to / "secrets"), "secrets");
    EXPECT_FALSE(fs::exists(to.string() + ".new"));
}

TEST(SettingsOfServices, GivenTheSettingsOfOneMachine_ThenThoseThatServicesNeedTravelWithTheQueues) {
    const auto text = settings_of_services(
        {{"ORDERFLOW_PAYMENT_SECRET", "whsec_x"},
         {"ORDERFLOW_HOLD_HOURS", "24"},
         {"ORDERFLOW_DATA_DIR", "/data"},
         {"ORDERFLOW_SQS_SECRET_ACCESS_KEY", "local"},
         {"ORDERFLOW_LISTEN", "127.0.0.1:1"},
         {"DATABASE_URL", "sqlite:x"},
         {"HOME", "/root"}},
        {.orders = "https://q/1/o", .commands = "https://q/1/o-commands", .dead_letters = "https://q/1/o-dlq"});

    EXPECT_EQ(text,
              "ORDERFLOW_QUEUE_URL=https://q/1/o\nORDERFLOW_COMMANDS_QUEUE_URL=https://q/1/o-commands\n"
              "ORDERFLOW_DEAD_LETTERS_QUEUE_URL=https://q/1/o-dlq\n"
              "ORDERFLOW_HOLD_HOURS=24\nORDERFLOW_PAYMENT_SECRET=whsec_x\n");
}

}  // namespace
}  // namespace orderflow

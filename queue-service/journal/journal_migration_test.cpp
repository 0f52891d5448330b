// A file that version 1 of the journal wrote, statement by statement, as this version finds and leaves it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sqlite3.h>

#include "queue-service/journal/journal_rig.hpp"
#include "queue-service/journal/journal_scan.hpp"

namespace orderflow::queue {
namespace {

using ::testing::SizeIs;

// The dump of a journal of release 0.1.0 with one order on its queue.
constexpr auto version_1_tables = R"sql(
CREATE TABLE journal (
  one         INTEGER PRIMARY KEY CHECK (one = 1),
  receipt_key BLOB    NOT NULL,
  next_queue  INTEGER NOT NULL,
  crc         INTEGER NOT NULL
) STRICT;
CREATE TABLE queues (
  no                   INTEGER PRIMARY KEY,
  name                 TEXT    NOT NULL,
  created_at           INTEGER NOT NULL,
  modified_at          INTEGER NOT NULL,
  visibility_timeout_s INTEGER NOT NULL,
  delay_s              INTEGER NOT NULL,
  retention_s          INTEGER NOT NULL,
  receive_wait_s       INTEGER NOT NULL,
  maximum_message_size INTEGER NOT NULL,
  dead_letter_queue    TEXT,
  max_receive_count    INTEGER,
  crc                  INTEGER NOT NULL
) STRICT;
CREATE TABLE queue_totals (
  no             INTEGER PRIMARY KEY,
  next_sequence  INTEGER NOT NULL,
  messages       INTEGER NOT NULL,
  bytes          INTEGER NOT NULL,
  purged_through INTEGER NOT NULL,
  crc            INTEGER NOT NULL
) STRICT;
CREATE TABLE messages (
  key                INTEGER PRIMARY KEY,
  id                 BLOB    NOT NULL,
  sent_at            INTEGER NOT NULL,
  body               BLOB    NOT NULL,
  attributes         BLOB,
  dead_letter_source TEXT,
  prior_receives     INTEGER NOT NULL,
  crc                INTEGER NOT NULL
) STRICT;
CREATE TABLE deliveries (
  key               INTEGER PRIMARY KEY,
  receive_count     INTEGER NOT NULL,
  holder            INTEGER NOT NULL,
  size              INTEGER NOT NULL,
  sent_at           INTEGER NOT NULL,
  first_received_at INTEGER NOT NULL,
  received_at       INTEGER NOT NULL,
  visible_at        INTEGER NOT NULL,
  timeout_s         INTEGER NOT NULL,
  crc               INTEGER NOT NULL
) STRICT;
)sql";
constexpr auto version_1_rows = R"sql(
INSERT INTO journal VALUES(1, X'43377ede08113b73cac4b0e1a61ea6b9', 4, 1223175896);
INSERT INTO queues VALUES
  (1, 'orders-dlq', 1795677049835, 1795677049835, 60, 0, 0, 0, 1048576, NULL, NULL, 3946227552),
  (2, 'orders', 1795677049843, 1795677049843, 60, 0, 0, 0, 1048576, 'orders-dlq', 20, 645788991),
  (3, 'orders-commands', 1795677049845, 1795677049845, 60, 0, 0, 0, 1048576, 'orders-dlq', 20, 3313649573);
INSERT INTO queue_totals VALUES
  (1, 1, 0, 0, 0, 3107549757), (2, 2, 1, 636, 0, 3292474001), (3, 1, 0, 0, 0, 123023002);
PRAGMA application_id = 1332105589;
PRAGMA user_version = 1;
)sql";
constexpr auto version_1_body =
    "7b227370656376657273696f6e223a22312e30222c226964223a226134383137303639373465336333663264623832346266"
    "666435643734336235222c22736f75726365223a226f72646572666c6f772f617069222c2274797065223a226f7264657266"
    "6c6f772e6f726465722e706c6163652e7631222c227375626a656374223a226f72645f347133726361793770747670367733"
    "7364737a746138766d6666222c2274696d65223a22323032362d31312d32365430373a31303a35312e3935375a222c227472"
    "616365706172656e74223a2230302d62376438333335643033363163356362383034346332396138333636356266332d3637"
    "35373662343333653662623338652d3031222c2264617461223a7b2266696e6765727072696e74223a226266353434336531"
    "3965663535343034373230636662396331666366326564636638306262666165396336633966383763633536333034623065"
    "353739356463222c226f72646572223a7b2263757272656e6379223a22455552222c226974656d73223a5b7b22736b75223a"
    "224e422d41352d444f54222c227175616e74697479223a327d5d2c22637573746f6d6572223a7b226e616d65223a22416461"
    "204c6f76656c616365222c22656d61696c223a22616461406578616d706c652e636f6d227d2c227368697070696e675f6164"
    "6472657373223a7b226c696e6531223a22313220416e616c79746963616c20576179222c2263697479223a224265726c696e"
    "222c22706f7374616c5f636f6465223a223130313135222c22636f756e747279223a224445227d2c227061796d656e74223a"
    "7b226d6f6465223a22746f6b656e222c22746f6b656e223a22746f6b5f6f6b227d7d7d7d";

class AJournalOfVersion1 : public ::testing::Test {
  protected:
    void SetUp() override {
        execute(version_1_tables);
        execute(version_1_rows);
        execute("INSERT INTO messages VALUES(2199023255553, X'04e495fb2614473b93bcf1693bf2aa78', 1795677051957, X'" +
                std::string(version_1_body) + "', NULL, NULL, 0, 1393487869)");
    }
    void execute(const std::string& sql) {
        sqlite3* file = nullptr;
        ASSERT_EQ(sqlite3_open(rig_.path().c_str(), &file), SQLITE_OK);
        EXPECT_EQ(sqlite3_exec(file, sql.c_str(), nullptr, nullptr, nullptr), SQLITE_OK) << sqlite3_errmsg(file);
        sqlite3_close(file);
    }
    QueueNo find(std::string name) { return rig_.run(rig_.queues().find({default_scope(), std::move(name)})).value(); }
    QueueRecord record(QueueNo queue) { return rig_.run(rig_.queues().record(queue)).value(); }

    JournalRig rig_;
};

TEST_F(AJournalOfVersion1, WhenScannedAtRest_ThenItIsLeftToTheProgramThatMigratesIt) {
    const auto scanned = scan_journal(rig_.path(), {}, [](std::size_t, const Message&) {});

    ASSERT_FALSE(scanned);
    EXPECT_EQ(scanned.error().code(), "sqlite.older_version");
}

TEST_F(AJournalOfVersion1, GivenADamagedRow_WhenOpened_ThenItIsStillDamage) {
    execute("UPDATE queues SET delay_s = 1 WHERE no = 2");

    const auto opened = rig_.try_open();

    ASSERT_FALSE(opened);
    EXPECT_EQ(opened.error().code(), "disk.corrupt");
}

TEST_F(AJournalOfVersion1, WhenOpened_ThenItsQueuesAreInTheDefaultScopeWithTheirSettingsAndMessages) {
    rig_.open();

    EXPECT_EQ(find("orders-dlq"), QueueNo{1});
    EXPECT_EQ(find("orders-commands"), QueueNo{3});
    const auto orders = record(find("orders"));
    EXPECT_EQ(orders.settings, (QueueSettings{.visibility_timeout = 60s,
                                              .retention = limits::retention_endless,
                                              .redrive = RedrivePolicy{"orders-dlq", 20}}));
    EXPECT_EQ(orders.created_at, from_unix_ms(1795677049843));
    EXPECT_EQ(orders.tags, Tags());
    EXPECT_FALSE(orders.purged_at);
    const auto received = rig_.receive(orders.no).value();
    ASSERT_THAT(received, SizeIs(1));
    EXPECT_EQ(received[0].message->id.text(), "04e495fb-2614-473b-93bc-f1693bf2aa78");
    EXPECT_EQ(received[0].message->body.size(), 636U);
    EXPECT_GT(rig_.create("another"), QueueNo{3});
}

TEST_F(AJournalOfVersion1, WhenAQueueIsChanged_ThenItsRowIsOfThisVersionAndTheOthersStay) {
    rig_.open();
    ASSERT_TRUE(rig_.run(rig_.queues().tag(find("orders"), {{"team", "a"}})));

    rig_.open();

    EXPECT_EQ(record(find("orders")).tags, (Tags{{"team", "a"}}));
    EXPECT_EQ(record(find("orders")).settings.redrive, (RedrivePolicy{"orders-dlq", 20}));
    rig_.close();
    auto database = sqlite::Database::open(rig_.path(), {}).value();
    EXPECT_EQ(database.query_int("SELECT count(*) FROM queues WHERE region IS NULL").value(), 2);
    EXPECT_EQ(database.query_int("SELECT no FROM queues WHERE region IS NOT NULL").value(), 2);
    EXPECT_EQ(database.query_int("PRAGMA user_version").value(), 2);
}

}  // namespace
}  // namespace orderflow::queue

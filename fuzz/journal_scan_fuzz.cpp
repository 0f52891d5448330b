// Feeds a damaged queue journal to its reader. The input is a list of changes to a sound file: two bytes of offset (in
// pages of 16 bytes), and what stands there instead, 16 bytes. What must hold for every input: the reader answers, with
// an error or with queues whose counts are those of the messages it visited; without changes it finds what was written.
// The same bytes go to the list of texts that tags are kept in: what is accepted is written as it was read.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <fstream>
#include <iterator>
#include <string_view>
#include <vector>

#include "libs/base/invariant.hpp"
#include "libs/testing/seeded_entropy.hpp"
#include "libs/testing/sim_loop.hpp"
#include "libs/testing/temp_dir.hpp"
#include "queue-service/journal/durable_queues.hpp"
#include "queue-service/journal/journal_scan.hpp"
#include "queue-service/journal/packed_texts.hpp"

namespace {

using namespace orderflow;

constexpr std::size_t change_bytes = 16;
constexpr std::size_t record_bytes = 2 + change_bytes;
constexpr std::uint64_t messages_of_template = 12;

class Journal {
  public:
    Journal() {
        write_queues();
        std::ifstream file(path_, std::ios::binary);
        sound_.assign(std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>());
    }

    void write_changed(std::string_view changes) {
        auto bytes = sound_;
        for (; changes.size() >= record_bytes; changes.remove_prefix(record_bytes)) {
            const auto at = (static_cast<unsigned char>(changes[0]) * 256U + static_cast<unsigned char>(changes[1])) *
                            change_bytes % bytes.size();
            const auto length = std::min(change_bytes, bytes.size() - at);
            bytes.replace(at, length, changes.substr(2, length));
        }
        std::ofstream(path_, std::ios::binary | std::ios::trunc) << bytes;
    }
    const std::string& path() const { return path_; }
    WallTime now() { return loop_.clock().wall(); }

  private:
    void write_queues() {
        queue::DurableQueuesOptions options;
        options.journal.path = path_;
        options.committer.on_fatal = [](const Error&) { std::abort(); };
        SeededEntropy entropy(1);
        const auto queues = queue::DurableQueues::open(std::move(options), loop_, loop_.clock(), entropy).value();
        const auto name = [](std::string text) { return queue::QueueName{queue::default_scope(), std::move(text)}; };
        const auto dead = loop_.run(queues->create_queue(name("dlq"), {}, {{"team", "a"}, {"cost", ""}})).value();
        const auto orders =
            loop_.run(queues->create_queue(name("orders"), {.redrive = queue::RedrivePolicy{"dlq", 1}})).value();
        for (const auto queue : {dead, orders}) {
            std::vector<queue::NewMessage> messages(messages_of_template / 2, {.body = "body", .attributes = "a"});
            messages[0].delay = 60s;
            (void)loop_.run(queues->send(queue, messages)).value();
            (void)loop_.run(queues->receive(queue, {.options = {.max_messages = 2}, .stop = {}})).value();
        }
        (void)loop_.run(queues->start_move_task(dead, {.destination = orders, .rate = 1})).value();
        const auto gone = loop_.run(queues->create_queue(name("gone"), {})).value();
        loop_.run(queues->remove_queue(gone)).value();
    }

    TempDir directory_;
    const std::string path_ = directory_ / "queue.db";
    SimLoop loop_;
    std::string sound_;
};

void check_list(std::string_view bytes) {
    const auto texts = queue::unpack_texts(bytes);
    ORDERFLOW_INVARIANT(!texts || queue::pack_texts(*texts) == bytes);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view input(reinterpret_cast<const char*>(data), size);
    check_list(input);

    static Journal journal;
    journal.write_changed(input);
    std::uint64_t visited = 0;
    const auto queues = queue::scan_journal(journal.path(), journal.now(),
                                            [&visited](std::size_t, const queue::Message&) { ++visited; });
    if (!queues) return 0;
    std::uint64_t counted = 0;
    for (const auto& queue : *queues) counted += queue.visible + queue.in_flight + queue.delayed;
    ORDERFLOW_INVARIANT(counted == visited);
    ORDERFLOW_INVARIANT(size >= record_bytes || visited == messages_of_template);
    return 0;
}

#include "libs/base/safeguard.hpp"

#ifdef ORDERFLOW_BREAKABLE

#include <bitset>
#include <cstdlib>
#include <string_view>
#include <utility>

#include "libs/base/invariant.hpp"

namespace orderflow {
namespace {

// "" behind the last one.
constexpr std::string_view name_of(Safeguard which) {
    switch (which) {
        case Safeguard::journal_sync: return "journal_sync";
        case Safeguard::store_sync: return "store_sync";
        case Safeguard::payment_sync: return "payment_sync";
        case Safeguard::file_sync: return "file_sync";
        case Safeguard::directory_sync: return "directory_sync";
        case Safeguard::log_renewal: return "log_renewal";
        case Safeguard::answer_after_commit: return "answer_after_commit";
        case Safeguard::delivery_record: return "delivery_record";
        case Safeguard::journal_end: return "journal_end";
        case Safeguard::store_end: return "store_end";
        case Safeguard::data_dir_lock: return "data_dir_lock";
        case Safeguard::log_check: return "log_check";
        case Safeguard::installation_check: return "installation_check";
        case Safeguard::journal_checksum: return "journal_checksum";
        case Safeguard::store_checksum: return "store_checksum";
        case Safeguard::payment_checksum: return "payment_checksum";
        case Safeguard::receipt_fence: return "receipt_fence";
        case Safeguard::receipt_seal: return "receipt_seal";
        case Safeguard::dead_lettering: return "dead_lettering";
        case Safeguard::lease_extension: return "lease_extension";
        case Safeguard::lease_check: return "lease_check";
        case Safeguard::remove_after_commit: return "remove_after_commit";
        case Safeguard::keep_on_failure: return "keep_on_failure";
        case Safeguard::group_isolation: return "group_isolation";
        case Safeguard::suspect_alone: return "suspect_alone";
        case Safeguard::slow_start: return "slow_start";
        case Safeguard::derived_id: return "derived_id";
        case Safeguard::key_reuse: return "key_reuse";
        case Safeguard::id_tag: return "id_tag";
        case Safeguard::place_once: return "place_once";
        case Safeguard::tombstone_check: return "tombstone_check";
        case Safeguard::fingerprint_check: return "fingerprint_check";
        case Safeguard::cancel_once: return "cancel_once";
        case Safeguard::cancel_tenant: return "cancel_tenant";
        case Safeguard::fulfill_once: return "fulfill_once";
        case Safeguard::command_once: return "command_once";
        case Safeguard::settle_once: return "settle_once";
        case Safeguard::release_once: return "release_once";
        case Safeguard::letter_once: return "letter_once";
        case Safeguard::effect_once: return "effect_once";
        case Safeguard::reference_once: return "reference_once";
        case Safeguard::authorized_check: return "authorized_check";
        case Safeguard::amount_check: return "amount_check";
        case Safeguard::answer_key_check: return "answer_key_check";
        case Safeguard::callback_check: return "callback_check";
        case Safeguard::signature_age: return "signature_age";
        case Safeguard::ask_first: return "ask_first";
        case Safeguard::version_check: return "version_check";
        case Safeguard::forget_on_failure: return "forget_on_failure";
        case Safeguard::stock_check: return "stock_check";
        case Safeguard::shelf_check: return "shelf_check";
        case Safeguard::stock_fence: return "stock_fence";
        case Safeguard::check_constraints: return "check_constraints";
        case Safeguard::migration_lock: return "migration_lock";
        case Safeguard::schema_check: return "schema_check";
        case Safeguard::row_version: return "row_version";
        case Safeguard::rows_changed: return "rows_changed";
        case Safeguard::stock_bounds: return "stock_bounds";
        case Safeguard::insertion_lock: return "insertion_lock";
        case Safeguard::operator_lock: return "operator_lock";
        case Safeguard::letter_key: return "letter_key";
        case Safeguard::commit_answer: return "commit_answer";
        case Safeguard::commit_warning: return "commit_warning";
        case Safeguard::durable_reads: return "durable_reads";
        case Safeguard::below_the_running: return "below_the_running";
    }
    return "";
}

using LeftOut = std::bitset<256>;

std::uint8_t number_of(std::string_view name) {
    std::uint8_t number = 0;
    while (!name_of(Safeguard{number}).empty() && name_of(Safeguard{number}) != name) ++number;
    ORDERFLOW_INVARIANT(!name_of(Safeguard{number}).empty());  // ORDERFLOW_BREAK names what is no safeguard
    return number;
}

// Once: a program does not change its mind.
LeftOut read_left_out() {
    const char* const given = std::getenv("ORDERFLOW_BREAK");
    std::string_view rest = given == nullptr ? "" : given;
    LeftOut left_out;
    while (!rest.empty()) {
        const auto end = rest.find(',');
        left_out.set(number_of(rest.substr(0, end)));
        rest = end == std::string_view::npos ? "" : rest.substr(end + 1);
    }
    return left_out;
}

}  // namespace

bool safeguard(Safeguard which) noexcept {
    static const LeftOut left_out = read_left_out();
    return !left_out.test(std::to_underlying(which));
}

}  // namespace orderflow

#endif

#include "queue-service/protocol/xml_writer.hpp"

#include "queue-service/protocol/message_attributes.hpp"

namespace orderflow::sqs {

void append_xml_text(std::string& out, std::string_view text) {
    for (std::size_t i = 0; i < text.size(); ++i) {
        switch (const char c = text[i]; c) {
            case '&': out += "&amp;"; break;
            case '<': out += "&lt;"; break;
            case '>': out += "&gt;"; break;
            case '"': out += "&quot;"; break;
            case '\r': out += "&#xD;"; break;
            default:
                if (static_cast<unsigned char>(c) < 0x20 && c != '\t' && c != '\n') {
                    out += "\xEF\xBF\xBD";
                } else if (!has_only_allowed_characters(text.substr(i, 3)) && static_cast<unsigned char>(c) == 0xEF) {
                    out += "\xEF\xBF\xBD";
                    i += 2;
                } else {
                    out.push_back(c);
                }
        }
    }
}

}  // namespace orderflow::sqs

/* message_parser.h: the parser `anonlog()`: what leaves it holds nothing of the message that came but what was made safe. */
#ifndef ANONLOG_SYSLOG_NG_MESSAGE_PARSER_H
#define ANONLOG_SYSLOG_NG_MESSAGE_PARSER_H

#include <parser/parser-expr.h>

#include "rules.h"

LogParser *message_parser_new(GlobalConfig *cfg);
/* Its settings, to be filled in before it is opened. */
Settings *message_parser_settings(LogParser *parser);
/* A name-value pair that goes on, and the class of its value. */
void message_parser_add_field(LogParser *parser, const gchar *name, const gchar *class_name);
/* Reads what the settings name: when the configuration is read, so that one that cannot work never takes the place of another. */
gboolean message_parser_open(LogParser *parser, GError **error);

#endif

BEGIN TRANSACTION;
CREATE TABLE alembic_version (
	version_num VARCHAR(32) NOT NULL, 
	CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)
);
INSERT INTO "alembic_version" VALUES('0009');
CREATE TABLE announcement (
	id INTEGER NOT NULL, 
	place_id INTEGER NOT NULL, 
	audience VARCHAR NOT NULL, 
	text VARCHAR NOT NULL, 
	form_name VARCHAR NOT NULL, 
	period VARCHAR NOT NULL, 
	state VARCHAR NOT NULL, 
	total INTEGER NOT NULL, 
	created_by INTEGER, 
	confirmed_by INTEGER, 
	created_at DATETIME NOT NULL, 
	sent_at DATETIME, 
	CONSTRAINT pk_announcement PRIMARY KEY (id), 
	CONSTRAINT fk_announcement_place_id FOREIGN KEY(place_id) REFERENCES place (id)
);
INSERT INTO "announcement" VALUES(1,1,'mẫu audience','mẫu text','','','draft',0,NULL,NULL,'2026-11-20 08:00:00.000000',NULL);
CREATE TABLE announcement_read (
	announcement_id INTEGER NOT NULL, 
	contact_id INTEGER NOT NULL, 
	at DATETIME NOT NULL, 
	CONSTRAINT pk_announcement_read PRIMARY KEY (announcement_id, contact_id), 
	CONSTRAINT fk_announcement_read_announcement_id FOREIGN KEY(announcement_id) REFERENCES announcement (id), 
	CONSTRAINT fk_announcement_read_contact_id FOREIGN KEY(contact_id) REFERENCES contact (id)
);
INSERT INTO "announcement_read" VALUES(1,1,'2026-11-20 08:00:00.000000');
CREATE TABLE "attachment" (
	id INTEGER NOT NULL, 
	interview_id INTEGER, 
	contact_id INTEGER NOT NULL, 
	path VARCHAR NOT NULL, 
	file_ref VARCHAR NOT NULL, 
	name VARCHAR NOT NULL, 
	media_type VARCHAR NOT NULL, 
	size INTEGER NOT NULL, 
	sha256 VARCHAR NOT NULL, 
	state VARCHAR NOT NULL, 
	attempts INTEGER NOT NULL, 
	created_at DATETIME NOT NULL, 
	emergency_id INTEGER, 
	CONSTRAINT pk_attachment PRIMARY KEY (id), 
	CONSTRAINT fk_attachment_interview_id FOREIGN KEY(interview_id) REFERENCES interview (id), 
	CONSTRAINT fk_attachment_contact_id FOREIGN KEY(contact_id) REFERENCES contact (id), 
	CONSTRAINT fk_attachment_emergency_id FOREIGN KEY(emergency_id) REFERENCES emergency (id)
);
INSERT INTO "attachment" VALUES(1,NULL,1,'mẫu path','mẫu file_ref','','',0,'','wanted',0,'2026-11-20 08:00:00.000000',NULL);
CREATE TABLE audit (
	id INTEGER NOT NULL, 
	at DATETIME NOT NULL, 
	person_id INTEGER, 
	contact_id INTEGER, 
	action VARCHAR NOT NULL, 
	subject VARCHAR NOT NULL, 
	detail JSON NOT NULL, 
	CONSTRAINT pk_audit PRIMARY KEY (id)
);
INSERT INTO "audit" VALUES(1,'2026-11-20 08:00:00.000000',NULL,NULL,'mẫu action','','{}');
CREATE TABLE contact (
	id INTEGER NOT NULL, 
	channel VARCHAR NOT NULL, 
	address VARCHAR NOT NULL, 
	person_id INTEGER, 
	interview_id INTEGER, 
	locale VARCHAR NOT NULL, 
	screen JSON NOT NULL, 
	last_order BIGINT NOT NULL, 
	reachable BOOLEAN NOT NULL, 
	wrong_codes INTEGER NOT NULL, 
	blocked_until DATETIME, 
	created_at DATETIME NOT NULL, unreachable_since DATETIME, last_sent_at DATETIME, ahead_until DATETIME, 
	CONSTRAINT pk_contact PRIMARY KEY (id), 
	CONSTRAINT fk_contact_interview_id FOREIGN KEY(interview_id) REFERENCES interview (id), 
	CONSTRAINT fk_contact_person_id FOREIGN KEY(person_id) REFERENCES person (id), 
	CONSTRAINT uq_contact_channel_address UNIQUE (channel, address)
);
INSERT INTO "contact" VALUES(1,'console','Nà Hin',1,NULL,'vi','{}',0,1,0,NULL,'2026-11-28 20:49:36.307494',NULL,NULL,NULL);
INSERT INTO "contact" VALUES(2,'console','Khuổi Luông',2,NULL,'vi','{}',0,1,0,NULL,'2026-11-28 20:49:36.320515',NULL,NULL,NULL);
CREATE TABLE contact_person (
	contact_id INTEGER NOT NULL, 
	person_id INTEGER NOT NULL, 
	since DATETIME NOT NULL, 
	CONSTRAINT pk_contact_person PRIMARY KEY (contact_id, person_id), 
	CONSTRAINT fk_contact_person_contact_id FOREIGN KEY(contact_id) REFERENCES contact (id), 
	CONSTRAINT fk_contact_person_person_id FOREIGN KEY(person_id) REFERENCES person (id)
);
INSERT INTO "contact_person" VALUES(1,1,'2026-11-20 08:00:00.000000');
INSERT INTO "contact_person" VALUES(2,2,'2026-11-20 08:00:00.000000');
CREATE TABLE delivery_total (
	occasion VARCHAR NOT NULL, 
	day DATE NOT NULL, 
	outcome VARCHAR NOT NULL, 
	count BIGINT NOT NULL, 
	CONSTRAINT pk_delivery_total PRIMARY KEY (occasion, day, outcome)
);
INSERT INTO "delivery_total" VALUES('mẫu occasion','2026-11-20','mẫu outcome',1);
CREATE TABLE emergency (
	id INTEGER NOT NULL, 
	place_id INTEGER NOT NULL, 
	person_id INTEGER, 
	contact_id INTEGER NOT NULL, 
	kind VARCHAR NOT NULL, 
	details JSON NOT NULL, 
	raised_at DATETIME NOT NULL, 
	tier INTEGER NOT NULL, 
	tier_at DATETIME NOT NULL, 
	acknowledged_at DATETIME, 
	acknowledged_by INTEGER, 
	withdrawn_at DATETIME, told INTEGER DEFAULT '0' NOT NULL, closed_at DATETIME, 
	CONSTRAINT pk_emergency PRIMARY KEY (id), 
	CONSTRAINT fk_emergency_place_id FOREIGN KEY(place_id) REFERENCES place (id), 
	CONSTRAINT fk_emergency_person_id FOREIGN KEY(person_id) REFERENCES person (id), 
	CONSTRAINT fk_emergency_contact_id FOREIGN KEY(contact_id) REFERENCES contact (id)
);
INSERT INTO "emergency" VALUES(1,1,NULL,1,'mẫu kind','[]','2026-11-20 08:00:00.000000',0,'2026-11-20 08:00:00.000000',NULL,NULL,NULL,0,NULL);
CREATE TABLE form (
	id INTEGER NOT NULL, 
	name VARCHAR NOT NULL, 
	version VARCHAR NOT NULL, 
	compiled JSON NOT NULL, 
	active BOOLEAN NOT NULL, 
	imported_at DATETIME NOT NULL, 
	CONSTRAINT pk_form PRIMARY KEY (id), 
	CONSTRAINT uq_form_name_version UNIQUE (name, version)
);
INSERT INTO "form" VALUES(1,'nuoc-thu','0df1d93302b522ffef7558692ee94234ebfa1ef6b6c748c9c89a60215402a45a','{"schema":1,"name":"nuoc-thu","titles":{"default":"Nước"},"languages":["default"],"default_language":"default","nodes":[{"path":"/data/ho","name":"ho","type":"integer","kind":"count","labels":{"default":["Bao nhiêu hộ?"]},"whole":true,"section":false},{"path":"/data/ho_nuoc","name":"ho_nuoc","type":"integer","kind":"count","labels":{"default":["Bao nhiêu hộ dùng nước hợp vệ sinh?"]},"whole":true,"section":false},{"path":"/data/ghi_chu","name":"ghi_chu","type":"text","kind":"text","labels":{"default":["Bác muốn ghi gì thêm?"]},"section":false},{"path":"/data/meta","name":"meta","first_rows":0,"section":true},{"path":"/data/meta/instanceID","name":"instanceID","type":"hidden","kind":"text","preload":"uid","section":false}],"lists":{},"lists_xml":"","root":"data","stated_version":"","settings":{"form_id":"nuoc-thu","form_title":"Nước","default_language":"vi"},"version":"0df1d93302b522ffef7558692ee94234ebfa1ef6b6c748c9c89a60215402a45a"}',1,'2026-11-28 20:49:36.299196');
CREATE TABLE interview (
	id INTEGER NOT NULL, 
	person_id INTEGER, 
	place_id INTEGER NOT NULL, 
	form_id INTEGER NOT NULL, 
	form_name VARCHAR NOT NULL, 
	period VARCHAR NOT NULL, 
	status VARCHAR NOT NULL, 
	practice BOOLEAN NOT NULL, 
	corrects_id INTEGER, 
	state JSON NOT NULL, 
	previous JSON NOT NULL, 
	extra JSON NOT NULL, 
	started_at DATETIME NOT NULL, 
	updated_at DATETIME NOT NULL, 
	CONSTRAINT pk_interview PRIMARY KEY (id), 
	CONSTRAINT fk_interview_form_id FOREIGN KEY(form_id) REFERENCES form (id), 
	CONSTRAINT fk_interview_person_id FOREIGN KEY(person_id) REFERENCES person (id), 
	CONSTRAINT fk_interview_place_id FOREIGN KEY(place_id) REFERENCES place (id)
);
INSERT INTO "interview" VALUES(1,1,2,1,'nuoc-thu','2026-W46','sent',0,NULL,'{}','{}','{}','2026-11-20 08:00:00.000000','2026-11-20 08:00:00.000000');
INSERT INTO "interview" VALUES(2,1,2,1,'nuoc-thu','2026-W47','sent',0,NULL,'{}','{}','{}','2026-11-20 08:00:00.000000','2026-11-20 08:00:00.000000');
INSERT INTO "interview" VALUES(3,2,3,1,'nuoc-thu','2026-W47','sent',0,NULL,'{}','{}','{}','2026-11-20 08:00:00.000000','2026-11-20 08:00:00.000000');
INSERT INTO "interview" VALUES(4,2,3,1,'nuoc-thu','2026-W46','open',0,NULL,'{}','{}','{}','2026-11-20 08:00:00.000000','2026-11-20 08:00:00.000000');
CREATE TABLE invitation (
	id INTEGER NOT NULL, 
	code_hash VARCHAR NOT NULL, 
	place_id INTEGER NOT NULL, 
	role VARCHAR NOT NULL, 
	name VARCHAR NOT NULL, 
	created_at DATETIME NOT NULL, 
	expires_at DATETIME NOT NULL, 
	used_at DATETIME, 
	used_by INTEGER, 
	revoked_at DATETIME, 
	CONSTRAINT pk_invitation PRIMARY KEY (id), 
	CONSTRAINT fk_invitation_place_id FOREIGN KEY(place_id) REFERENCES place (id), 
	CONSTRAINT fk_invitation_used_by FOREIGN KEY(used_by) REFERENCES person (id), 
	CONSTRAINT uq_invitation_code_hash UNIQUE (code_hash)
);
INSERT INTO "invitation" VALUES(1,'mẫu code_hash',1,'mẫu role','','2026-11-20 08:00:00.000000','2026-11-20 08:00:00.000000',NULL,NULL,NULL);
CREATE TABLE ledger (
	place_id INTEGER NOT NULL, 
	measure_id INTEGER NOT NULL, 
	day INTEGER NOT NULL, 
	boundary INTEGER NOT NULL, 
	shard INTEGER NOT NULL, 
	reports INTEGER NOT NULL, 
	numerator BIGINT NOT NULL, 
	numerator_rest BIGINT NOT NULL, 
	denominator BIGINT NOT NULL, 
	denominator_rest BIGINT NOT NULL, 
	CONSTRAINT pk_ledger PRIMARY KEY (place_id, measure_id, day, boundary, shard)
)
 WITHOUT ROWID

;
INSERT INTO "ledger" VALUES(1,16997097907860,739935,0,0,1,0,0,0,0);
INSERT INTO "ledger" VALUES(1,16997097907860,739942,0,0,2,0,0,0,0);
INSERT INTO "ledger" VALUES(1,226617053003285,739935,0,0,1,90,0,0,0);
INSERT INTO "ledger" VALUES(1,226617053003285,739942,0,0,2,129,0,0,0);
INSERT INTO "ledger" VALUES(1,243479530968545,739935,0,0,1,0,0,0,0);
INSERT INTO "ledger" VALUES(1,243479530968545,739942,0,0,1,0,0,0,0);
INSERT INTO "ledger" VALUES(1,261204584265881,739935,0,0,1,109,0,0,0);
INSERT INTO "ledger" VALUES(1,261204584265881,739942,0,0,2,218,0,0,0);
CREATE TABLE observation (
	id INTEGER NOT NULL, 
	submission_id INTEGER NOT NULL, 
	place_id INTEGER NOT NULL, 
	period VARCHAR NOT NULL, 
	period_end DATE NOT NULL, 
	question VARCHAR NOT NULL, 
	path VARCHAR NOT NULL, 
	value VARCHAR NOT NULL, 
	number TEXT, 
	estimate BOOLEAN NOT NULL, 
	current BOOLEAN NOT NULL, 
	CONSTRAINT pk_observation PRIMARY KEY (id), 
	CONSTRAINT fk_observation_place_id FOREIGN KEY(place_id) REFERENCES place (id), 
	CONSTRAINT fk_observation_submission_id FOREIGN KEY(submission_id) REFERENCES submission (id), 
	CONSTRAINT uq_observation_submission_id_path UNIQUE (submission_id, path)
);
INSERT INTO "observation" VALUES(1,1,2,'2026-W46','2026-11-15','ho','/data/ho','109','109',0,1);
INSERT INTO "observation" VALUES(2,1,2,'2026-W46','2026-11-15','ho_nuoc','/data/ho_nuoc','90','90',0,1);
INSERT INTO "observation" VALUES(3,1,2,'2026-W46','2026-11-15','ghi_chu','/data/ghi_chu','Đập bị “vỡ”; 2 hộ',NULL,0,1);
INSERT INTO "observation" VALUES(4,2,2,'2026-W47','2026-11-22','ho','/data/ho','109','109',0,1);
INSERT INTO "observation" VALUES(5,2,2,'2026-W47','2026-11-22','ho_nuoc','/data/ho_nuoc','98','98',0,1);
INSERT INTO "observation" VALUES(6,2,2,'2026-W47','2026-11-22','ghi_chu','/data/ghi_chu','Đập bị “vỡ”; 2 hộ',NULL,0,1);
INSERT INTO "observation" VALUES(7,3,3,'2026-W47','2026-11-22','ho','/data/ho','109','109',0,1);
INSERT INTO "observation" VALUES(8,3,3,'2026-W47','2026-11-22','ho_nuoc','/data/ho_nuoc','31','31',0,1);
INSERT INTO "observation" VALUES(9,3,3,'2026-W47','2026-11-22','ghi_chu','/data/ghi_chu','Đập bị “vỡ”; 2 hộ',NULL,0,1);
CREATE TABLE outbox (
	id INTEGER NOT NULL, 
	contact_id INTEGER NOT NULL, 
	priority INTEGER NOT NULL, 
	natural_key VARCHAR, 
	body JSON NOT NULL, 
	state VARCHAR NOT NULL, 
	slot VARCHAR NOT NULL, 
	ref VARCHAR NOT NULL, 
	attempts INTEGER NOT NULL, 
	not_before DATETIME, 
	claimed_by VARCHAR, 
	claimed_until DATETIME, 
	created_at DATETIME NOT NULL, 
	sent_at DATETIME, 
	problem VARCHAR NOT NULL, not_after DATETIME, 
	CONSTRAINT pk_outbox PRIMARY KEY (id), 
	CONSTRAINT fk_outbox_contact_id FOREIGN KEY(contact_id) REFERENCES contact (id), 
	CONSTRAINT uq_outbox_natural_key UNIQUE (natural_key)
);
INSERT INTO "outbox" VALUES(1,1,0,NULL,'{}','due','','',0,NULL,NULL,NULL,'2026-11-20 08:00:00.000000',NULL,'',NULL);
CREATE TABLE person (
	id INTEGER NOT NULL, 
	name VARCHAR NOT NULL, 
	consented_at DATETIME, 
	left_at DATETIME, 
	created_at DATETIME NOT NULL, 
	CONSTRAINT pk_person PRIMARY KEY (id)
);
INSERT INTO "person" VALUES(1,'Lý A Sử','2026-11-20 08:00:00.000000',NULL,'2026-11-20 08:00:00.000000');
INSERT INTO "person" VALUES(2,'Lý A Sử','2026-11-20 08:00:00.000000',NULL,'2026-11-20 08:00:00.000000');
CREATE TABLE place (
	id INTEGER NOT NULL, 
	level VARCHAR NOT NULL, 
	kind VARCHAR NOT NULL, 
	name VARCHAR NOT NULL, 
	code VARCHAR, 
	first_day DATE NOT NULL, 
	last_day DATE, 
	search VARCHAR NOT NULL, 
	invented BOOLEAN NOT NULL, 
	source VARCHAR NOT NULL, 
	CONSTRAINT pk_place PRIMARY KEY (id)
);
INSERT INTO "place" VALUES(1,'xa','xã','Vĩnh Thông','01981','0001-01-01',NULL,'vinh thong',0,'');
INSERT INTO "place" VALUES(2,'thon','thôn','Nà Hin',NULL,'0001-01-01',NULL,'na hin',0,'');
INSERT INTO "place" VALUES(3,'thon','thôn','Khuổi Luông',NULL,'0001-01-01',NULL,'khuoi luong',0,'');
INSERT INTO "place" VALUES(4,'thon','thôn','Khuổi Cũ',NULL,'0001-01-01','2025-06-30','khuoi cu',0,'');
CREATE TABLE place_alias (
	id INTEGER NOT NULL, 
	place_id INTEGER NOT NULL, 
	kind VARCHAR NOT NULL, 
	name VARCHAR NOT NULL, 
	search VARCHAR NOT NULL, 
	since DATE NOT NULL, 
	source VARCHAR NOT NULL, 
	CONSTRAINT pk_place_alias PRIMARY KEY (id), 
	CONSTRAINT fk_place_alias_place_id FOREIGN KEY(place_id) REFERENCES place (id)
);
INSERT INTO "place_alias" VALUES(1,1,'','mẫu name','mẫu search','2026-11-20','');
CREATE TABLE place_edge (
	id INTEGER NOT NULL, 
	child_id INTEGER NOT NULL, 
	parent_id INTEGER NOT NULL, 
	first_day DATE NOT NULL, 
	last_day DATE, 
	CONSTRAINT pk_place_edge PRIMARY KEY (id), 
	CONSTRAINT fk_place_edge_child_id FOREIGN KEY(child_id) REFERENCES place (id), 
	CONSTRAINT fk_place_edge_parent_id FOREIGN KEY(parent_id) REFERENCES place (id)
);
INSERT INTO "place_edge" VALUES(1,2,1,'0001-01-01',NULL);
INSERT INTO "place_edge" VALUES(2,3,1,'0001-01-01',NULL);
INSERT INTO "place_edge" VALUES(3,4,1,'0001-01-01',NULL);
CREATE TABLE place_event (
	id INTEGER NOT NULL, 
	kind VARCHAR NOT NULL, 
	day DATE NOT NULL, 
	legal_basis VARCHAR NOT NULL, 
	detail JSON NOT NULL, 
	created_at DATETIME NOT NULL, 
	undone_at DATETIME, 
	CONSTRAINT pk_place_event PRIMARY KEY (id)
);
INSERT INTO "place_event" VALUES(1,'mẫu kind','2026-11-20','mẫu legal_basis','{}','2026-11-20 08:00:00.000000',NULL);
CREATE TABLE place_succession (
	id INTEGER NOT NULL, 
	from_id INTEGER NOT NULL, 
	to_id INTEGER NOT NULL, 
	day DATE NOT NULL, 
	whole BOOLEAN NOT NULL, 
	legal_basis VARCHAR NOT NULL, 
	CONSTRAINT pk_place_succession PRIMARY KEY (id), 
	CONSTRAINT fk_place_succession_from_id FOREIGN KEY(from_id) REFERENCES place (id), 
	CONSTRAINT fk_place_succession_to_id FOREIGN KEY(to_id) REFERENCES place (id)
);
INSERT INTO "place_succession" VALUES(1,4,2,'2025-07-01',1,'QĐ 12/QĐ-UBND');
CREATE TABLE risk (
	work VARCHAR NOT NULL, 
	begun INTEGER NOT NULL, 
	begun_at DATETIME NOT NULL, 
	CONSTRAINT pk_risk PRIMARY KEY (work)
);
INSERT INTO "risk" VALUES('mẫu work',1,'2026-11-20 08:00:00.000000');
CREATE TABLE role (
	id INTEGER NOT NULL, 
	person_id INTEGER NOT NULL, 
	place_id INTEGER NOT NULL, 
	role VARCHAR NOT NULL, 
	since DATETIME NOT NULL, 
	until DATETIME, 
	CONSTRAINT pk_role PRIMARY KEY (id), 
	CONSTRAINT fk_role_person_id FOREIGN KEY(person_id) REFERENCES person (id), 
	CONSTRAINT fk_role_place_id FOREIGN KEY(place_id) REFERENCES place (id)
);
INSERT INTO "role" VALUES(1,1,2,'truong-thon','2026-11-20 08:00:00.000000',NULL);
INSERT INTO "role" VALUES(2,2,3,'truong-thon','2026-11-20 08:00:00.000000',NULL);
CREATE TABLE roster_entry (
	id INTEGER NOT NULL, 
	phone VARCHAR NOT NULL, 
	name VARCHAR NOT NULL, 
	place_id INTEGER NOT NULL, 
	role VARCHAR NOT NULL, 
	imported_at DATETIME NOT NULL, 
	CONSTRAINT pk_roster_entry PRIMARY KEY (id), 
	CONSTRAINT fk_roster_entry_place_id FOREIGN KEY(place_id) REFERENCES place (id), 
	CONSTRAINT uq_roster_entry_phone_place_id_role UNIQUE (phone, place_id, role)
);
INSERT INTO "roster_entry" VALUES(1,'mẫu phone','',1,'mẫu role','2026-11-20 08:00:00.000000');
CREATE TABLE saved_question (
	id INTEGER NOT NULL, 
	contact_id INTEGER NOT NULL, 
	label VARCHAR NOT NULL, 
	"query" JSON NOT NULL, 
	weekly BOOLEAN NOT NULL, 
	created_at DATETIME NOT NULL, 
	CONSTRAINT pk_saved_question PRIMARY KEY (id), 
	CONSTRAINT fk_saved_question_contact_id FOREIGN KEY(contact_id) REFERENCES contact (id)
);
INSERT INTO "saved_question" VALUES(1,1,'mẫu label','{}',0,'2026-11-20 08:00:00.000000');
CREATE TABLE seen (
	channel VARCHAR NOT NULL, 
	"key" VARCHAR NOT NULL, 
	at DATETIME NOT NULL, 
	CONSTRAINT pk_seen PRIMARY KEY (channel, "key")
);
INSERT INTO "seen" VALUES('mẫu channel','mẫu key','2026-11-20 08:00:00.000000');
CREATE TABLE sender (
	worker VARCHAR NOT NULL, 
	channel VARCHAR NOT NULL, 
	beats BIGINT NOT NULL, 
	CONSTRAINT pk_sender PRIMARY KEY (worker, channel)
);
INSERT INTO "sender" VALUES('mẫu worker','mẫu channel',1);
CREATE TABLE setting (
	"key" VARCHAR NOT NULL, 
	value VARCHAR NOT NULL, 
	CONSTRAINT pk_setting PRIMARY KEY ("key")
);
INSERT INTO "setting" VALUES('mẫu key','');
CREATE TABLE submission (
	id INTEGER NOT NULL, 
	receipt VARCHAR NOT NULL, 
	interview_id INTEGER, 
	place_id INTEGER NOT NULL, 
	form_id INTEGER NOT NULL, 
	form_name VARCHAR NOT NULL, 
	period VARCHAR NOT NULL, 
	period_end DATE NOT NULL, 
	revision INTEGER NOT NULL, 
	current BOOLEAN NOT NULL, 
	person_id INTEGER, 
	answers JSON NOT NULL, 
	sent_at DATETIME NOT NULL, 
	CONSTRAINT pk_submission PRIMARY KEY (id), 
	CONSTRAINT fk_submission_form_id FOREIGN KEY(form_id) REFERENCES form (id), 
	CONSTRAINT fk_submission_interview_id FOREIGN KEY(interview_id) REFERENCES interview (id), 
	CONSTRAINT fk_submission_person_id FOREIGN KEY(person_id) REFERENCES person (id), 
	CONSTRAINT fk_submission_place_id FOREIGN KEY(place_id) REFERENCES place (id), 
	CONSTRAINT uq_submission_interview_id UNIQUE (interview_id), 
	CONSTRAINT uq_submission_place_id_form_name_period_revision UNIQUE (place_id, form_name, period, revision), 
	CONSTRAINT uq_submission_receipt UNIQUE (receipt)
);
INSERT INTO "submission" VALUES(1,'BC-GQSB-YY',1,2,1,'nuoc-thu','2026-W46','2026-11-15',1,1,1,'{"/data/ho":"109","/data/ho_nuoc":"90","/data/ghi_chu":"Đập bị “vỡ”; 2 hộ"}','2026-11-20 08:00:00.000000');
INSERT INTO "submission" VALUES(2,'BC-7NPM-X2',2,2,1,'nuoc-thu','2026-W47','2026-11-22',1,1,1,'{"/data/ho":"109","/data/ho_nuoc":"98","/data/ghi_chu":"Đập bị “vỡ”; 2 hộ"}','2026-11-20 08:00:00.000000');
INSERT INTO "submission" VALUES(3,'BC-VBMW-RB',3,3,1,'nuoc-thu','2026-W47','2026-11-22',1,1,2,'{"/data/ho":"109","/data/ho_nuoc":"31","/data/ghi_chu":"Đập bị “vỡ”; 2 hộ"}','2026-11-20 08:00:00.000000');
CREATE TABLE weekly_choice (
	contact_id INTEGER NOT NULL, 
	weekday INTEGER NOT NULL, 
	minute INTEGER NOT NULL, 
	picture BOOLEAN NOT NULL, 
	stopped BOOLEAN NOT NULL, 
	CONSTRAINT pk_weekly_choice PRIMARY KEY (contact_id), 
	CONSTRAINT fk_weekly_choice_contact_id FOREIGN KEY(contact_id) REFERENCES contact (id)
);
INSERT INTO "weekly_choice" VALUES(1,0,450,0,0);
CREATE TABLE weekly_line (
	place_id INTEGER NOT NULL, 
	week VARCHAR NOT NULL, 
	text VARCHAR NOT NULL, 
	person_id INTEGER, 
	at DATETIME NOT NULL, 
	CONSTRAINT pk_weekly_line PRIMARY KEY (place_id, week), 
	CONSTRAINT fk_weekly_line_place_id FOREIGN KEY(place_id) REFERENCES place (id)
);
INSERT INTO "weekly_line" VALUES(1,'mẫu week','mẫu text',NULL,'2026-11-20 08:00:00.000000');
CREATE INDEX ix_audit_at ON audit (at);
CREATE INDEX ix_form_name ON form (name);
CREATE INDEX ix_place_code ON place (code);
CREATE INDEX ix_place_level ON place (level);
CREATE INDEX ix_place_search ON place (search);
CREATE INDEX ix_seen_at ON seen (at);
CREATE INDEX ix_interview_person_id ON interview (person_id);
CREATE INDEX ix_interview_place_period ON interview (place_id, period);
CREATE INDEX ix_interview_status ON interview (status);
CREATE UNIQUE INDEX uq_interview_open ON interview (person_id, place_id, form_name, period) WHERE status IN ('open', 'review') AND NOT practice;
CREATE INDEX ix_place_edge_child_id ON place_edge (child_id);
CREATE INDEX ix_place_edge_parent_id ON place_edge (parent_id);
CREATE INDEX ix_place_succession_from_id ON place_succession (from_id);
CREATE INDEX ix_place_succession_to_id ON place_succession (to_id);
CREATE INDEX ix_role_person_id ON role (person_id);
CREATE INDEX ix_role_place_id ON role (place_id);
CREATE INDEX ix_roster_entry_phone ON roster_entry (phone);
CREATE INDEX ix_contact_person_id ON contact (person_id);
CREATE INDEX ix_submission_form_period ON submission (form_name, period);
CREATE UNIQUE INDEX uq_submission_current ON submission (place_id, form_name, period) WHERE current;
CREATE INDEX ix_observation_lookup ON observation (place_id, question, period_end);
CREATE INDEX ix_outbox_due ON outbox (state, priority, id);
CREATE INDEX ix_outbox_slot ON outbox (contact_id, slot);
CREATE INDEX ix_submission_lookup ON submission (place_id, form_name, period_end);
CREATE INDEX ix_place_alias_place_id ON place_alias (place_id);
CREATE INDEX ix_place_alias_search ON place_alias (search);
CREATE INDEX ix_emergency_place_id ON emergency (place_id);
CREATE INDEX ix_emergency_raised_at ON emergency (raised_at);
CREATE INDEX ix_announcement_place_id ON announcement (place_id);
CREATE INDEX ix_saved_question_contact_id ON saved_question (contact_id);
CREATE INDEX ix_attachment_interview_id ON attachment (interview_id);
CREATE INDEX ix_attachment_state ON attachment (state);
CREATE INDEX ix_attachment_emergency_id ON attachment (emergency_id);
COMMIT;

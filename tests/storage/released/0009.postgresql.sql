CREATE TABLE public.alembic_version (
    version_num character varying(32) NOT NULL
);
CREATE TABLE public.announcement (
    id bigint NOT NULL,
    place_id bigint NOT NULL,
    audience character varying NOT NULL,
    text character varying NOT NULL,
    form_name character varying NOT NULL,
    period character varying NOT NULL,
    state character varying NOT NULL,
    total integer NOT NULL,
    created_by bigint,
    confirmed_by bigint,
    created_at timestamp with time zone NOT NULL,
    sent_at timestamp with time zone
);
CREATE SEQUENCE public.announcement_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.announcement_id_seq OWNED BY public.announcement.id;
CREATE TABLE public.announcement_read (
    announcement_id bigint NOT NULL,
    contact_id bigint NOT NULL,
    at timestamp with time zone NOT NULL
);
CREATE TABLE public.attachment (
    id bigint NOT NULL,
    interview_id bigint,
    contact_id bigint NOT NULL,
    path character varying NOT NULL,
    file_ref character varying NOT NULL,
    name character varying NOT NULL,
    media_type character varying NOT NULL,
    size integer NOT NULL,
    sha256 character varying NOT NULL,
    state character varying NOT NULL,
    attempts integer NOT NULL,
    created_at timestamp with time zone NOT NULL,
    emergency_id bigint
);
CREATE SEQUENCE public.attachment_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.attachment_id_seq OWNED BY public.attachment.id;
CREATE TABLE public.audit (
    id bigint NOT NULL,
    at timestamp with time zone NOT NULL,
    person_id bigint,
    contact_id bigint,
    action character varying NOT NULL,
    subject character varying NOT NULL,
    detail json NOT NULL
);
CREATE SEQUENCE public.audit_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.audit_id_seq OWNED BY public.audit.id;
CREATE TABLE public.contact (
    id bigint NOT NULL,
    channel character varying NOT NULL,
    address character varying NOT NULL,
    person_id bigint,
    interview_id bigint,
    locale character varying NOT NULL,
    screen json NOT NULL,
    last_order bigint NOT NULL,
    reachable boolean NOT NULL,
    wrong_codes integer NOT NULL,
    blocked_until timestamp with time zone,
    created_at timestamp with time zone NOT NULL,
    unreachable_since timestamp with time zone,
    last_sent_at timestamp with time zone,
    ahead_until timestamp with time zone
);
CREATE SEQUENCE public.contact_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.contact_id_seq OWNED BY public.contact.id;
CREATE TABLE public.contact_person (
    contact_id bigint NOT NULL,
    person_id bigint NOT NULL,
    since timestamp with time zone NOT NULL
);
CREATE TABLE public.delivery_total (
    occasion character varying NOT NULL,
    day date NOT NULL,
    outcome character varying NOT NULL,
    count bigint NOT NULL
);
CREATE TABLE public.emergency (
    id bigint NOT NULL,
    place_id bigint NOT NULL,
    person_id bigint,
    contact_id bigint NOT NULL,
    kind character varying NOT NULL,
    details json NOT NULL,
    raised_at timestamp with time zone NOT NULL,
    tier integer NOT NULL,
    tier_at timestamp with time zone NOT NULL,
    acknowledged_at timestamp with time zone,
    acknowledged_by bigint,
    withdrawn_at timestamp with time zone,
    told integer DEFAULT 0 NOT NULL,
    closed_at timestamp with time zone
);
CREATE SEQUENCE public.emergency_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.emergency_id_seq OWNED BY public.emergency.id;
CREATE TABLE public.form (
    id bigint NOT NULL,
    name character varying NOT NULL,
    version character varying NOT NULL,
    compiled json NOT NULL,
    active boolean NOT NULL,
    imported_at timestamp with time zone NOT NULL
);
CREATE SEQUENCE public.form_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.form_id_seq OWNED BY public.form.id;
CREATE TABLE public.interview (
    id bigint NOT NULL,
    person_id bigint,
    place_id bigint NOT NULL,
    form_id bigint NOT NULL,
    form_name character varying NOT NULL,
    period character varying NOT NULL,
    status character varying NOT NULL,
    practice boolean NOT NULL,
    corrects_id bigint,
    state json NOT NULL,
    previous json NOT NULL,
    extra json NOT NULL,
    started_at timestamp with time zone NOT NULL,
    updated_at timestamp with time zone NOT NULL
);
CREATE SEQUENCE public.interview_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.interview_id_seq OWNED BY public.interview.id;
CREATE TABLE public.invitation (
    id bigint NOT NULL,
    code_hash character varying NOT NULL,
    place_id bigint NOT NULL,
    role character varying NOT NULL,
    name character varying NOT NULL,
    created_at timestamp with time zone NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    used_at timestamp with time zone,
    used_by bigint,
    revoked_at timestamp with time zone
);
CREATE SEQUENCE public.invitation_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.invitation_id_seq OWNED BY public.invitation.id;
CREATE TABLE public.ledger (
    place_id bigint NOT NULL,
    measure_id bigint NOT NULL,
    day integer NOT NULL,
    boundary integer NOT NULL,
    shard integer NOT NULL,
    reports integer NOT NULL,
    numerator bigint NOT NULL,
    numerator_rest bigint NOT NULL,
    denominator bigint NOT NULL,
    denominator_rest bigint NOT NULL
);
CREATE TABLE public.observation (
    id bigint NOT NULL,
    submission_id bigint NOT NULL,
    place_id bigint NOT NULL,
    period character varying NOT NULL,
    period_end date NOT NULL,
    question character varying NOT NULL,
    path character varying NOT NULL,
    value character varying NOT NULL,
    number text,
    estimate boolean NOT NULL,
    current boolean NOT NULL
);
CREATE SEQUENCE public.observation_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.observation_id_seq OWNED BY public.observation.id;
CREATE TABLE public.outbox (
    id bigint NOT NULL,
    contact_id bigint NOT NULL,
    priority integer NOT NULL,
    natural_key character varying,
    body json NOT NULL,
    state character varying NOT NULL,
    slot character varying NOT NULL,
    ref character varying NOT NULL,
    attempts integer NOT NULL,
    not_before timestamp with time zone,
    claimed_by character varying,
    claimed_until timestamp with time zone,
    created_at timestamp with time zone NOT NULL,
    sent_at timestamp with time zone,
    problem character varying NOT NULL,
    not_after timestamp with time zone
);
CREATE SEQUENCE public.outbox_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.outbox_id_seq OWNED BY public.outbox.id;
CREATE TABLE public.person (
    id bigint NOT NULL,
    name character varying NOT NULL,
    consented_at timestamp with time zone,
    left_at timestamp with time zone,
    created_at timestamp with time zone NOT NULL
);
CREATE SEQUENCE public.person_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.person_id_seq OWNED BY public.person.id;
CREATE TABLE public.place (
    id bigint NOT NULL,
    level character varying NOT NULL,
    kind character varying NOT NULL,
    name character varying NOT NULL,
    code character varying,
    first_day date NOT NULL,
    last_day date,
    search character varying NOT NULL,
    invented boolean NOT NULL,
    source character varying NOT NULL
);
CREATE TABLE public.place_alias (
    id bigint NOT NULL,
    place_id bigint NOT NULL,
    kind character varying NOT NULL,
    name character varying NOT NULL,
    search character varying NOT NULL,
    since date NOT NULL,
    source character varying NOT NULL
);
CREATE SEQUENCE public.place_alias_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.place_alias_id_seq OWNED BY public.place_alias.id;
CREATE TABLE public.place_edge (
    id bigint NOT NULL,
    child_id bigint NOT NULL,
    parent_id bigint NOT NULL,
    first_day date NOT NULL,
    last_day date
);
CREATE SEQUENCE public.place_edge_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.place_edge_id_seq OWNED BY public.place_edge.id;
CREATE TABLE public.place_event (
    id bigint NOT NULL,
    kind character varying NOT NULL,
    day date NOT NULL,
    legal_basis character varying NOT NULL,
    detail json NOT NULL,
    created_at timestamp with time zone NOT NULL,
    undone_at timestamp with time zone
);
CREATE SEQUENCE public.place_event_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.place_event_id_seq OWNED BY public.place_event.id;
CREATE SEQUENCE public.place_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.place_id_seq OWNED BY public.place.id;
CREATE TABLE public.place_succession (
    id bigint NOT NULL,
    from_id bigint NOT NULL,
    to_id bigint NOT NULL,
    day date NOT NULL,
    whole boolean NOT NULL,
    legal_basis character varying NOT NULL
);
CREATE SEQUENCE public.place_succession_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.place_succession_id_seq OWNED BY public.place_succession.id;
CREATE TABLE public.risk (
    work character varying NOT NULL,
    begun integer NOT NULL,
    begun_at timestamp with time zone NOT NULL
);
CREATE TABLE public.role (
    id bigint NOT NULL,
    person_id bigint NOT NULL,
    place_id bigint NOT NULL,
    role character varying NOT NULL,
    since timestamp with time zone NOT NULL,
    until timestamp with time zone
);
CREATE SEQUENCE public.role_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.role_id_seq OWNED BY public.role.id;
CREATE TABLE public.roster_entry (
    id bigint NOT NULL,
    phone character varying NOT NULL,
    name character varying NOT NULL,
    place_id bigint NOT NULL,
    role character varying NOT NULL,
    imported_at timestamp with time zone NOT NULL
);
CREATE SEQUENCE public.roster_entry_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.roster_entry_id_seq OWNED BY public.roster_entry.id;
CREATE TABLE public.saved_question (
    id bigint NOT NULL,
    contact_id bigint NOT NULL,
    label character varying NOT NULL,
    query json NOT NULL,
    weekly boolean NOT NULL,
    created_at timestamp with time zone NOT NULL
);
CREATE SEQUENCE public.saved_question_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.saved_question_id_seq OWNED BY public.saved_question.id;
CREATE TABLE public.seen (
    channel character varying NOT NULL,
    key character varying NOT NULL,
    at timestamp with time zone NOT NULL
);
CREATE TABLE public.sender (
    worker character varying NOT NULL,
    channel character varying NOT NULL,
    beats bigint NOT NULL
);
CREATE TABLE public.setting (
    key character varying NOT NULL,
    value character varying NOT NULL
);
CREATE TABLE public.submission (
    id bigint NOT NULL,
    receipt character varying NOT NULL,
    interview_id bigint,
    place_id bigint NOT NULL,
    form_id bigint NOT NULL,
    form_name character varying NOT NULL,
    period character varying NOT NULL,
    period_end date NOT NULL,
    revision integer NOT NULL,
    current boolean NOT NULL,
    person_id bigint,
    answers json NOT NULL,
    sent_at timestamp with time zone NOT NULL
);
CREATE SEQUENCE public.submission_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.submission_id_seq OWNED BY public.submission.id;
CREATE TABLE public.weekly_choice (
    contact_id bigint NOT NULL,
    weekday integer NOT NULL,
    minute integer NOT NULL,
    picture boolean NOT NULL,
    stopped boolean NOT NULL
);
CREATE TABLE public.weekly_line (
    place_id bigint NOT NULL,
    week character varying NOT NULL,
    text character varying NOT NULL,
    person_id bigint,
    at timestamp with time zone NOT NULL
);
ALTER TABLE ONLY public.announcement ALTER COLUMN id SET DEFAULT nextval('public.announcement_id_seq'::regclass);
ALTER TABLE ONLY public.attachment ALTER COLUMN id SET DEFAULT nextval('public.attachment_id_seq'::regclass);
ALTER TABLE ONLY public.audit ALTER COLUMN id SET DEFAULT nextval('public.audit_id_seq'::regclass);
ALTER TABLE ONLY public.contact ALTER COLUMN id SET DEFAULT nextval('public.contact_id_seq'::regclass);
ALTER TABLE ONLY public.emergency ALTER COLUMN id SET DEFAULT nextval('public.emergency_id_seq'::regclass);
ALTER TABLE ONLY public.form ALTER COLUMN id SET DEFAULT nextval('public.form_id_seq'::regclass);
ALTER TABLE ONLY public.interview ALTER COLUMN id SET DEFAULT nextval('public.interview_id_seq'::regclass);
ALTER TABLE ONLY public.invitation ALTER COLUMN id SET DEFAULT nextval('public.invitation_id_seq'::regclass);
ALTER TABLE ONLY public.observation ALTER COLUMN id SET DEFAULT nextval('public.observation_id_seq'::regclass);
ALTER TABLE ONLY public.outbox ALTER COLUMN id SET DEFAULT nextval('public.outbox_id_seq'::regclass);
ALTER TABLE ONLY public.person ALTER COLUMN id SET DEFAULT nextval('public.person_id_seq'::regclass);
ALTER TABLE ONLY public.place ALTER COLUMN id SET DEFAULT nextval('public.place_id_seq'::regclass);
ALTER TABLE ONLY public.place_alias ALTER COLUMN id SET DEFAULT nextval('public.place_alias_id_seq'::regclass);
ALTER TABLE ONLY public.place_edge ALTER COLUMN id SET DEFAULT nextval('public.place_edge_id_seq'::regclass);
ALTER TABLE ONLY public.place_event ALTER COLUMN id SET DEFAULT nextval('public.place_event_id_seq'::regclass);
ALTER TABLE ONLY public.place_succession ALTER COLUMN id SET DEFAULT nextval('public.place_succession_id_seq'::regclass);
ALTER TABLE ONLY public.role ALTER COLUMN id SET DEFAULT nextval('public.role_id_seq'::regclass);
ALTER TABLE ONLY public.roster_entry ALTER COLUMN id SET DEFAULT nextval('public.roster_entry_id_seq'::regclass);
ALTER TABLE ONLY public.saved_question ALTER COLUMN id SET DEFAULT nextval('public.saved_question_id_seq'::regclass);
ALTER TABLE ONLY public.submission ALTER COLUMN id SET DEFAULT nextval('public.submission_id_seq'::regclass);
INSERT INTO public.alembic_version VALUES ('0009');
INSERT INTO public.announcement VALUES (1, 1, 'mẫu audience', 'mẫu text', '', '', 'draft', 0, NULL, NULL, '2026-11-20 08:00:00+00', NULL);
INSERT INTO public.announcement_read VALUES (1, 1, '2026-11-20 08:00:00+00');
INSERT INTO public.attachment VALUES (1, NULL, 1, 'mẫu path', 'mẫu file_ref', '', '', 0, '', 'wanted', 0, '2026-11-20 08:00:00+00', NULL);
INSERT INTO public.audit VALUES (1, '2026-11-20 08:00:00+00', NULL, NULL, 'mẫu action', '', '{}');
INSERT INTO public.contact VALUES (1, 'console', 'Nà Hin', 1, NULL, 'vi', '{}', 0, true, 0, NULL, '2026-11-28 20:49:40.628475+00', NULL, NULL, NULL);
INSERT INTO public.contact VALUES (2, 'console', 'Khuổi Luông', 2, NULL, 'vi', '{}', 0, true, 0, NULL, '2026-11-28 20:49:40.653404+00', NULL, NULL, NULL);
INSERT INTO public.contact_person VALUES (1, 1, '2026-11-20 08:00:00+00');
INSERT INTO public.contact_person VALUES (2, 2, '2026-11-20 08:00:00+00');
INSERT INTO public.delivery_total VALUES ('mẫu occasion', '2026-11-20', 'mẫu outcome', 1);
INSERT INTO public.emergency VALUES (1, 1, NULL, 1, 'mẫu kind', '[]', '2026-11-20 08:00:00+00', 0, '2026-11-20 08:00:00+00', NULL, NULL, NULL, 0, NULL);
INSERT INTO public.form VALUES (1, 'nuoc-thu', '0df1d93302b522ffef7558692ee94234ebfa1ef6b6c748c9c89a60215402a45a', '{"schema":1,"name":"nuoc-thu","titles":{"default":"Nước"},"languages":["default"],"default_language":"default","nodes":[{"path":"/data/ho","name":"ho","type":"integer","kind":"count","labels":{"default":["Bao nhiêu hộ?"]},"whole":true,"section":false},{"path":"/data/ho_nuoc","name":"ho_nuoc","type":"integer","kind":"count","labels":{"default":["Bao nhiêu hộ dùng nước hợp vệ sinh?"]},"whole":true,"section":false},{"path":"/data/ghi_chu","name":"ghi_chu","type":"text","kind":"text","labels":{"default":["Bác muốn ghi gì thêm?"]},"section":false},{"path":"/data/meta","name":"meta","first_rows":0,"section":true},{"path":"/data/meta/instanceID","name":"instanceID","type":"hidden","kind":"text","preload":"uid","section":false}],"lists":{},"lists_xml":"","root":"data","stated_version":"","settings":{"form_id":"nuoc-thu","form_title":"Nước","default_language":"vi"},"version":"0df1d93302b522ffef7558692ee94234ebfa1ef6b6c748c9c89a60215402a45a"}', true, '2026-11-28 20:49:40.610878+00');
INSERT INTO public.interview VALUES (1, 1, 2, 1, 'nuoc-thu', '2026-W46', 'sent', false, NULL, '{}', '{}', '{}', '2026-11-20 08:00:00+00', '2026-11-20 08:00:00+00');
INSERT INTO public.interview VALUES (2, 1, 2, 1, 'nuoc-thu', '2026-W47', 'sent', false, NULL, '{}', '{}', '{}', '2026-11-20 08:00:00+00', '2026-11-20 08:00:00+00');
INSERT INTO public.interview VALUES (3, 2, 3, 1, 'nuoc-thu', '2026-W47', 'sent', false, NULL, '{}', '{}', '{}', '2026-11-20 08:00:00+00', '2026-11-20 08:00:00+00');
INSERT INTO public.interview VALUES (4, 2, 3, 1, 'nuoc-thu', '2026-W46', 'open', false, NULL, '{}', '{}', '{}', '2026-11-20 08:00:00+00', '2026-11-20 08:00:00+00');
INSERT INTO public.invitation VALUES (1, 'mẫu code_hash', 1, 'mẫu role', '', '2026-11-20 08:00:00+00', '2026-11-20 08:00:00+00', NULL, NULL, NULL);
INSERT INTO public.ledger VALUES (1, 16997097907860, 739935, 0, 4, 1, 0, 0, 0, 0);
INSERT INTO public.ledger VALUES (1, 226617053003285, 739935, 0, 4, 1, 90, 0, 0, 0);
INSERT INTO public.ledger VALUES (1, 243479530968545, 739935, 0, 4, 1, 0, 0, 0, 0);
INSERT INTO public.ledger VALUES (1, 261204584265881, 739935, 0, 4, 1, 109, 0, 0, 0);
INSERT INTO public.ledger VALUES (1, 16997097907860, 739942, 0, 4, 2, 0, 0, 0, 0);
INSERT INTO public.ledger VALUES (1, 226617053003285, 739942, 0, 4, 2, 129, 0, 0, 0);
INSERT INTO public.ledger VALUES (1, 243479530968545, 739942, 0, 4, 1, 0, 0, 0, 0);
INSERT INTO public.ledger VALUES (1, 261204584265881, 739942, 0, 4, 2, 218, 0, 0, 0);
INSERT INTO public.observation VALUES (1, 1, 2, '2026-W46', '2026-11-15', 'ho', '/data/ho', '109', '109', false, true);
INSERT INTO public.observation VALUES (2, 1, 2, '2026-W46', '2026-11-15', 'ho_nuoc', '/data/ho_nuoc', '90', '90', false, true);
INSERT INTO public.observation VALUES (3, 1, 2, '2026-W46', '2026-11-15', 'ghi_chu', '/data/ghi_chu', 'Đập bị “vỡ”; 2 hộ', NULL, false, true);
INSERT INTO public.observation VALUES (4, 2, 2, '2026-W47', '2026-11-22', 'ho', '/data/ho', '109', '109', false, true);
INSERT INTO public.observation VALUES (5, 2, 2, '2026-W47', '2026-11-22', 'ho_nuoc', '/data/ho_nuoc', '98', '98', false, true);
INSERT INTO public.observation VALUES (6, 2, 2, '2026-W47', '2026-11-22', 'ghi_chu', '/data/ghi_chu', 'Đập bị “vỡ”; 2 hộ', NULL, false, true);
INSERT INTO public.observation VALUES (7, 3, 3, '2026-W47', '2026-11-22', 'ho', '/data/ho', '109', '109', false, true);
INSERT INTO public.observation VALUES (8, 3, 3, '2026-W47', '2026-11-22', 'ho_nuoc', '/data/ho_nuoc', '31', '31', false, true);
INSERT INTO public.observation VALUES (9, 3, 3, '2026-W47', '2026-11-22', 'ghi_chu', '/data/ghi_chu', 'Đập bị “vỡ”; 2 hộ', NULL, false, true);
INSERT INTO public.outbox VALUES (1, 1, 0, NULL, '{}', 'due', '', '', 0, NULL, NULL, NULL, '2026-11-20 08:00:00+00', NULL, '', NULL);
INSERT INTO public.person VALUES (1, 'Lý A Sử', '2026-11-20 08:00:00+00', NULL, '2026-11-20 08:00:00+00');
INSERT INTO public.person VALUES (2, 'Lý A Sử', '2026-11-20 08:00:00+00', NULL, '2026-11-20 08:00:00+00');
INSERT INTO public.place VALUES (1, 'xa', 'xã', 'Vĩnh Thông', '01981', '-infinity', NULL, 'vinh thong', false, '');
INSERT INTO public.place VALUES (2, 'thon', 'thôn', 'Nà Hin', NULL, '-infinity', NULL, 'na hin', false, '');
INSERT INTO public.place VALUES (3, 'thon', 'thôn', 'Khuổi Luông', NULL, '-infinity', NULL, 'khuoi luong', false, '');
INSERT INTO public.place VALUES (4, 'thon', 'thôn', 'Khuổi Cũ', NULL, '-infinity', '2025-06-30', 'khuoi cu', false, '');
INSERT INTO public.place_alias VALUES (1, 1, '', 'mẫu name', 'mẫu search', '2026-11-20', '');
INSERT INTO public.place_edge VALUES (1, 2, 1, '-infinity', NULL);
INSERT INTO public.place_edge VALUES (2, 3, 1, '-infinity', NULL);
INSERT INTO public.place_edge VALUES (3, 4, 1, '-infinity', NULL);
INSERT INTO public.place_event VALUES (1, 'mẫu kind', '2026-11-20', 'mẫu legal_basis', '{}', '2026-11-20 08:00:00+00', NULL);
INSERT INTO public.place_succession VALUES (1, 4, 2, '2025-07-01', true, 'QĐ 12/QĐ-UBND');
INSERT INTO public.risk VALUES ('mẫu work', 1, '2026-11-20 08:00:00+00');
INSERT INTO public.role VALUES (1, 1, 2, 'truong-thon', '2026-11-20 08:00:00+00', NULL);
INSERT INTO public.role VALUES (2, 2, 3, 'truong-thon', '2026-11-20 08:00:00+00', NULL);
INSERT INTO public.roster_entry VALUES (1, 'mẫu phone', '', 1, 'mẫu role', '2026-11-20 08:00:00+00');
INSERT INTO public.saved_question VALUES (1, 1, 'mẫu label', '{}', false, '2026-11-20 08:00:00+00');
INSERT INTO public.seen VALUES ('mẫu channel', 'mẫu key', '2026-11-20 08:00:00+00');
INSERT INTO public.sender VALUES ('mẫu worker', 'mẫu channel', 1);
INSERT INTO public.setting VALUES ('mẫu key', '');
INSERT INTO public.submission VALUES (1, 'BC-B329-NK', 1, 2, 1, 'nuoc-thu', '2026-W46', '2026-11-15', 1, true, 1, '{"/data/ho":"109","/data/ho_nuoc":"90","/data/ghi_chu":"Đập bị “vỡ”; 2 hộ"}', '2026-11-20 08:00:00+00');
INSERT INTO public.submission VALUES (2, 'BC-WYNY-T9', 2, 2, 1, 'nuoc-thu', '2026-W47', '2026-11-22', 1, true, 1, '{"/data/ho":"109","/data/ho_nuoc":"98","/data/ghi_chu":"Đập bị “vỡ”; 2 hộ"}', '2026-11-20 08:00:00+00');
INSERT INTO public.submission VALUES (3, 'BC-FDCW-4M', 3, 3, 1, 'nuoc-thu', '2026-W47', '2026-11-22', 1, true, 2, '{"/data/ho":"109","/data/ho_nuoc":"31","/data/ghi_chu":"Đập bị “vỡ”; 2 hộ"}', '2026-11-20 08:00:00+00');
INSERT INTO public.weekly_choice VALUES (1, 0, 450, false, false);
INSERT INTO public.weekly_line VALUES (1, 'mẫu week', 'mẫu text', NULL, '2026-11-20 08:00:00+00');
SELECT pg_catalog.setval('public.announcement_id_seq', 1, true);
SELECT pg_catalog.setval('public.attachment_id_seq', 1, true);
SELECT pg_catalog.setval('public.audit_id_seq', 1, true);
SELECT pg_catalog.setval('public.contact_id_seq', 2, true);
SELECT pg_catalog.setval('public.emergency_id_seq', 1, true);
SELECT pg_catalog.setval('public.form_id_seq', 1, true);
SELECT pg_catalog.setval('public.interview_id_seq', 4, true);
SELECT pg_catalog.setval('public.invitation_id_seq', 1, true);
SELECT pg_catalog.setval('public.observation_id_seq', 9, true);
SELECT pg_catalog.setval('public.outbox_id_seq', 1, true);
SELECT pg_catalog.setval('public.person_id_seq', 2, true);
SELECT pg_catalog.setval('public.place_alias_id_seq', 1, true);
SELECT pg_catalog.setval('public.place_edge_id_seq', 3, true);
SELECT pg_catalog.setval('public.place_event_id_seq', 1, true);
SELECT pg_catalog.setval('public.place_id_seq', 4, true);
SELECT pg_catalog.setval('public.place_succession_id_seq', 1, true);
SELECT pg_catalog.setval('public.role_id_seq', 2, true);
SELECT pg_catalog.setval('public.roster_entry_id_seq', 1, true);
SELECT pg_catalog.setval('public.saved_question_id_seq', 1, true);
SELECT pg_catalog.setval('public.submission_id_seq', 3, true);
ALTER TABLE ONLY public.alembic_version
    ADD CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num);
ALTER TABLE ONLY public.announcement
    ADD CONSTRAINT pk_announcement PRIMARY KEY (id);
ALTER TABLE ONLY public.announcement_read
    ADD CONSTRAINT pk_announcement_read PRIMARY KEY (announcement_id, contact_id);
ALTER TABLE ONLY public.attachment
    ADD CONSTRAINT pk_attachment PRIMARY KEY (id);
ALTER TABLE ONLY public.audit
    ADD CONSTRAINT pk_audit PRIMARY KEY (id);
ALTER TABLE ONLY public.contact
    ADD CONSTRAINT pk_contact PRIMARY KEY (id);
ALTER TABLE ONLY public.contact_person
    ADD CONSTRAINT pk_contact_person PRIMARY KEY (contact_id, person_id);
ALTER TABLE ONLY public.delivery_total
    ADD CONSTRAINT pk_delivery_total PRIMARY KEY (occasion, day, outcome);
ALTER TABLE ONLY public.emergency
    ADD CONSTRAINT pk_emergency PRIMARY KEY (id);
ALTER TABLE ONLY public.form
    ADD CONSTRAINT pk_form PRIMARY KEY (id);
ALTER TABLE ONLY public.interview
    ADD CONSTRAINT pk_interview PRIMARY KEY (id);
ALTER TABLE ONLY public.invitation
    ADD CONSTRAINT pk_invitation PRIMARY KEY (id);
ALTER TABLE ONLY public.ledger
    ADD CONSTRAINT pk_ledger PRIMARY KEY (place_id, measure_id, day, boundary, shard);
ALTER TABLE ONLY public.observation
    ADD CONSTRAINT pk_observation PRIMARY KEY (id);
ALTER TABLE ONLY public.outbox
    ADD CONSTRAINT pk_outbox PRIMARY KEY (id);
ALTER TABLE ONLY public.person
    ADD CONSTRAINT pk_person PRIMARY KEY (id);
ALTER TABLE ONLY public.place
    ADD CONSTRAINT pk_place PRIMARY KEY (id);
ALTER TABLE ONLY public.place_alias
    ADD CONSTRAINT pk_place_alias PRIMARY KEY (id);
ALTER TABLE ONLY public.place_edge
    ADD CONSTRAINT pk_place_edge PRIMARY KEY (id);
ALTER TABLE ONLY public.place_event
    ADD CONSTRAINT pk_place_event PRIMARY KEY (id);
ALTER TABLE ONLY public.place_succession
    ADD CONSTRAINT pk_place_succession PRIMARY KEY (id);
ALTER TABLE ONLY public.risk
    ADD CONSTRAINT pk_risk PRIMARY KEY (work);
ALTER TABLE ONLY public.role
    ADD CONSTRAINT pk_role PRIMARY KEY (id);
ALTER TABLE ONLY public.roster_entry
    ADD CONSTRAINT pk_roster_entry PRIMARY KEY (id);
ALTER TABLE ONLY public.saved_question
    ADD CONSTRAINT pk_saved_question PRIMARY KEY (id);
ALTER TABLE ONLY public.seen
    ADD CONSTRAINT pk_seen PRIMARY KEY (channel, key);
ALTER TABLE ONLY public.sender
    ADD CONSTRAINT pk_sender PRIMARY KEY (worker, channel);
ALTER TABLE ONLY public.setting
    ADD CONSTRAINT pk_setting PRIMARY KEY (key);
ALTER TABLE ONLY public.submission
    ADD CONSTRAINT pk_submission PRIMARY KEY (id);
ALTER TABLE ONLY public.weekly_choice
    ADD CONSTRAINT pk_weekly_choice PRIMARY KEY (contact_id);
ALTER TABLE ONLY public.weekly_line
    ADD CONSTRAINT pk_weekly_line PRIMARY KEY (place_id, week);
ALTER TABLE ONLY public.contact
    ADD CONSTRAINT uq_contact_channel_address UNIQUE (channel, address);
ALTER TABLE ONLY public.form
    ADD CONSTRAINT uq_form_name_version UNIQUE (name, version);
ALTER TABLE ONLY public.invitation
    ADD CONSTRAINT uq_invitation_code_hash UNIQUE (code_hash);
ALTER TABLE ONLY public.observation
    ADD CONSTRAINT uq_observation_submission_id_path UNIQUE (submission_id, path);
ALTER TABLE ONLY public.outbox
    ADD CONSTRAINT uq_outbox_natural_key UNIQUE (natural_key);
ALTER TABLE ONLY public.roster_entry
    ADD CONSTRAINT uq_roster_entry_phone_place_id_role UNIQUE (phone, place_id, role);
ALTER TABLE ONLY public.submission
    ADD CONSTRAINT uq_submission_interview_id UNIQUE (interview_id);
ALTER TABLE ONLY public.submission
    ADD CONSTRAINT uq_submission_place_id_form_name_period_revision UNIQUE (place_id, form_name, period, revision);
ALTER TABLE ONLY public.submission
    ADD CONSTRAINT uq_submission_receipt UNIQUE (receipt);
CREATE INDEX ix_announcement_place_id ON public.announcement USING btree (place_id);
CREATE INDEX ix_attachment_emergency_id ON public.attachment USING btree (emergency_id);
CREATE INDEX ix_attachment_interview_id ON public.attachment USING btree (interview_id);
CREATE INDEX ix_attachment_state ON public.attachment USING btree (state);
CREATE INDEX ix_audit_at ON public.audit USING btree (at);
CREATE INDEX ix_contact_person_id ON public.contact USING btree (person_id);
CREATE INDEX ix_emergency_place_id ON public.emergency USING btree (place_id);
CREATE INDEX ix_emergency_raised_at ON public.emergency USING btree (raised_at);
CREATE INDEX ix_form_name ON public.form USING btree (name);
CREATE INDEX ix_interview_person_id ON public.interview USING btree (person_id);
CREATE INDEX ix_interview_place_period ON public.interview USING btree (place_id, period);
CREATE INDEX ix_interview_status ON public.interview USING btree (status);
CREATE INDEX ix_observation_lookup ON public.observation USING btree (place_id, question, period_end);
CREATE INDEX ix_outbox_due ON public.outbox USING btree (state, priority, id);
CREATE INDEX ix_outbox_slot ON public.outbox USING btree (contact_id, slot);
CREATE INDEX ix_place_alias_place_id ON public.place_alias USING btree (place_id);
CREATE INDEX ix_place_alias_search ON public.place_alias USING btree (search);
CREATE INDEX ix_place_code ON public.place USING btree (code);
CREATE INDEX ix_place_edge_child_id ON public.place_edge USING btree (child_id);
CREATE INDEX ix_place_edge_parent_id ON public.place_edge USING btree (parent_id);
CREATE INDEX ix_place_level ON public.place USING btree (level);
CREATE INDEX ix_place_search ON public.place USING btree (search);
CREATE INDEX ix_place_succession_from_id ON public.place_succession USING btree (from_id);
CREATE INDEX ix_place_succession_to_id ON public.place_succession USING btree (to_id);
CREATE INDEX ix_role_person_id ON public.role USING btree (person_id);
CREATE INDEX ix_role_place_id ON public.role USING btree (place_id);
CREATE INDEX ix_roster_entry_phone ON public.roster_entry USING btree (phone);
CREATE INDEX ix_saved_question_contact_id ON public.saved_question USING btree (contact_id);
CREATE INDEX ix_seen_at ON public.seen USING btree (at);
CREATE INDEX ix_submission_form_period ON public.submission USING btree (form_name, period);
CREATE INDEX ix_submission_lookup ON public.submission USING btree (place_id, form_name, period_end);
CREATE UNIQUE INDEX uq_interview_open ON public.interview USING btree (person_id, place_id, form_name, period) WHERE (((status)::text = ANY ((ARRAY['open'::character varying, 'review'::character varying])::text[])) AND (NOT practice));
CREATE UNIQUE INDEX uq_submission_current ON public.submission USING btree (place_id, form_name, period) WHERE current;
ALTER TABLE ONLY public.announcement
    ADD CONSTRAINT fk_announcement_place_id FOREIGN KEY (place_id) REFERENCES public.place(id);
ALTER TABLE ONLY public.announcement_read
    ADD CONSTRAINT fk_announcement_read_announcement_id FOREIGN KEY (announcement_id) REFERENCES public.announcement(id);
ALTER TABLE ONLY public.announcement_read
    ADD CONSTRAINT fk_announcement_read_contact_id FOREIGN KEY (contact_id) REFERENCES public.contact(id);
ALTER TABLE ONLY public.attachment
    ADD CONSTRAINT fk_attachment_contact_id FOREIGN KEY (contact_id) REFERENCES public.contact(id);
ALTER TABLE ONLY public.attachment
    ADD CONSTRAINT fk_attachment_emergency_id FOREIGN KEY (emergency_id) REFERENCES public.emergency(id);
ALTER TABLE ONLY public.attachment
    ADD CONSTRAINT fk_attachment_interview_id FOREIGN KEY (interview_id) REFERENCES public.interview(id);
ALTER TABLE ONLY public.contact
    ADD CONSTRAINT fk_contact_interview_id FOREIGN KEY (interview_id) REFERENCES public.interview(id);
ALTER TABLE ONLY public.contact_person
    ADD CONSTRAINT fk_contact_person_contact_id FOREIGN KEY (contact_id) REFERENCES public.contact(id);
ALTER TABLE ONLY public.contact
    ADD CONSTRAINT fk_contact_person_id FOREIGN KEY (person_id) REFERENCES public.person(id);
ALTER TABLE ONLY public.contact_person
    ADD CONSTRAINT fk_contact_person_person_id FOREIGN KEY (person_id) REFERENCES public.person(id);
ALTER TABLE ONLY public.emergency
    ADD CONSTRAINT fk_emergency_contact_id FOREIGN KEY (contact_id) REFERENCES public.contact(id);
ALTER TABLE ONLY public.emergency
    ADD CONSTRAINT fk_emergency_person_id FOREIGN KEY (person_id) REFERENCES public.person(id);
ALTER TABLE ONLY public.emergency
    ADD CONSTRAINT fk_emergency_place_id FOREIGN KEY (place_id) REFERENCES public.place(id);
ALTER TABLE ONLY public.interview
    ADD CONSTRAINT fk_interview_form_id FOREIGN KEY (form_id) REFERENCES public.form(id);
ALTER TABLE ONLY public.interview
    ADD CONSTRAINT fk_interview_person_id FOREIGN KEY (person_id) REFERENCES public.person(id);
ALTER TABLE ONLY public.interview
    ADD CONSTRAINT fk_interview_place_id FOREIGN KEY (place_id) REFERENCES public.place(id);
ALTER TABLE ONLY public.invitation
    ADD CONSTRAINT fk_invitation_place_id FOREIGN KEY (place_id) REFERENCES public.place(id);
ALTER TABLE ONLY public.invitation
    ADD CONSTRAINT fk_invitation_used_by FOREIGN KEY (used_by) REFERENCES public.person(id);
ALTER TABLE ONLY public.observation
    ADD CONSTRAINT fk_observation_place_id FOREIGN KEY (place_id) REFERENCES public.place(id);
ALTER TABLE ONLY public.observation
    ADD CONSTRAINT fk_observation_submission_id FOREIGN KEY (submission_id) REFERENCES public.submission(id);
ALTER TABLE ONLY public.outbox
    ADD CONSTRAINT fk_outbox_contact_id FOREIGN KEY (contact_id) REFERENCES public.contact(id);
ALTER TABLE ONLY public.place_alias
    ADD CONSTRAINT fk_place_alias_place_id FOREIGN KEY (place_id) REFERENCES public.place(id);
ALTER TABLE ONLY public.place_edge
    ADD CONSTRAINT fk_place_edge_child_id FOREIGN KEY (child_id) REFERENCES public.place(id);
ALTER TABLE ONLY public.place_edge
    ADD CONSTRAINT fk_place_edge_parent_id FOREIGN KEY (parent_id) REFERENCES public.place(id);
ALTER TABLE ONLY public.place_succession
    ADD CONSTRAINT fk_place_succession_from_id FOREIGN KEY (from_id) REFERENCES public.place(id);
ALTER TABLE ONLY public.place_succession
    ADD CONSTRAINT fk_place_succession_to_id FOREIGN KEY (to_id) REFERENCES public.place(id);
ALTER TABLE ONLY public.role
    ADD CONSTRAINT fk_role_person_id FOREIGN KEY (person_id) REFERENCES public.person(id);
ALTER TABLE ONLY public.role
    ADD CONSTRAINT fk_role_place_id FOREIGN KEY (place_id) REFERENCES public.place(id);
ALTER TABLE ONLY public.roster_entry
    ADD CONSTRAINT fk_roster_entry_place_id FOREIGN KEY (place_id) REFERENCES public.place(id);
ALTER TABLE ONLY public.saved_question
    ADD CONSTRAINT fk_saved_question_contact_id FOREIGN KEY (contact_id) REFERENCES public.contact(id);
ALTER TABLE ONLY public.submission
    ADD CONSTRAINT fk_submission_form_id FOREIGN KEY (form_id) REFERENCES public.form(id);
ALTER TABLE ONLY public.submission
    ADD CONSTRAINT fk_submission_interview_id FOREIGN KEY (interview_id) REFERENCES public.interview(id);
ALTER TABLE ONLY public.submission
    ADD CONSTRAINT fk_submission_person_id FOREIGN KEY (person_id) REFERENCES public.person(id);
ALTER TABLE ONLY public.submission
    ADD CONSTRAINT fk_submission_place_id FOREIGN KEY (place_id) REFERENCES public.place(id);
ALTER TABLE ONLY public.weekly_choice
    ADD CONSTRAINT fk_weekly_choice_contact_id FOREIGN KEY (contact_id) REFERENCES public.contact(id);
ALTER TABLE ONLY public.weekly_line
    ADD CONSTRAINT fk_weekly_line_place_id FOREIGN KEY (place_id) REFERENCES public.place(id);

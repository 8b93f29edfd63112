"""What people ask a service to do. A line: concept and its kind: English | French | Chinese | Korean.

The kind is what the deed does to data: r reads, c makes, u changes, d takes away, x something of its own.
"""

# ruff: noqa: E501  a line is an entry

TABLE = """
get r: get show fetch retrieve read see display view tell give look check answer see open_up pull inspect details detail | montre montrer montrez affiche affichage donne donner voir vois lire obtenir recupere recuperer dis consulte consulter regarde detail details reponds | 查看 显示 获取 看看 看一下 告诉 给我看 读取 得到 详情 了解 展示 看 | 보여 알려 조회 가져 확인 읽어 알고 상세 보고 보기 봐
list r: list lists enumerate browse overview shopping_list grocery_list wish_list | liste listes lister enumere enumerer enumerez catalogue parcourir liste_de_courses liste_des_courses | 列出 列表 清单 罗列 名单 一览 购物清单 | 목록 나열 리스트 명단 장보기_목록 쇼핑_목록
find r: find search query lookup look_up look_for seek locate ask question | cherche chercher recherche rechercher trouve trouver interroge interroger demande question | 查找 搜索 查询 寻找 找 检索 查一下 查 提问 问题 | 찾아 찾기 찾 검색 질문 물어
count r: count many number_of how_many | combien nombre | 多少 几个 数量 | 몇 개수 얼마나
create c: create add make new insert register put post store enter introduce open file submit append admit save keep upsert remind remember note_down sell | cree creer creez creation ajoute ajouter ajoutez ajout nouveau nouvelle inserer insere enregistre enregistrer ouvre ouvrir ouvrez soumets mets mettre garde garder gardez retiens retenir rappelle note_que vends vendre | 提醒 创建 新建 添加 新增 加入 增加 加上 建立 登记 录入 放入 存入 提交 开 加 保存 记住 记下 上架 | 만들 생성 추가 등록 새로 넣어 새 개설 작성 올려 저장 기억 메모해
update u: update change modify edit set adjust alter patch correct rename mark move | modifie modifier modifiez change changer changez mets_a_jour mettre_a_jour mise_a_jour actualise actualiser corrige corriger renomme edite marque marquer passe | 更新 修改 更改 改成 改为 改 编辑 设置 设为 设成 调整 标记 变更 | 수정 변경 바꿔 바꾸 고쳐 업데이트 갱신 설정 편집 표시
replace u: replace overwrite put redefine | remplace remplacer remplacez ecrase ecraser | 替换 覆盖 取代 | 교체 대체 덮어
delete d: delete remove erase drop destroy discard take_off take_out take_away cross_off strike get_rid shut_out end kick clear purge forget | supprime supprimer supprimez suppression efface effacer effacez retire retirer retirez enleve enlever enlevez detruis detruire raye vire oublie oublier oubliez | 删除 移除 去掉 清除 删掉 删 取消掉 划掉 拿掉 抹掉 踢出 忘记 忘掉 | 삭제 지워 제거 없애 지우 빼 빼줘 내보내 잊어
cancel d: cancel abort revoke call_off | annule annuler annulez annulation revoque | 取消 撤销 撤回 | 취소 철회
refund x: refund refunds reimburse give_back pay_back money_back gives_back | rembourse rembourser remboursez remboursement rends rendre | 退款 退货 退钱 退回 退还 退 | 환불 반품 돌려
send c: send write mail notify dispatch deliver message | envoie envoyer envoyez envoi ecris ecrire notifie notifier previens | 发送 发给 发 通知 寄 写信 | 보내 전송 알림 통지 발송
book c: book reserve schedule plan booking reservation appointment | reserve reserver reservez reservation rendez-vous planifie planifier | 预订 预约 订 安排 预定 | 예약 잡아 일정
buy c: buy purchase order_now pay | achete acheter achetez achat paye payer commande-moi | 购买 买 支付 付款 下单 | 구매 사 결제 주문해
upload c: upload import attach load | televerse televerser importe importer charge charger joindre joins | 上传 导入 附上 | 업로드 가져오기 첨부
download r: download export | telecharge telecharger exporte exporter | 下载 导出 | 다운로드 내보내기
start x: start run launch begin execute trigger | demarre demarrer lance lancer execute executer commence | 启动 运行 开始 执行 触发 | 시작 실행
stop x: stop halt pause end terminate | arrete arreter arretez stoppe suspend pause | 停止 暂停 终止 | 중지 멈춰 정지 중단
enable u: enable activate switch_on turn_on | active activer activez allume allumer | 启用 激活 打开 开启 | 활성화 켜
disable u: disable deactivate switch_off turn_off | desactive desactiver eteins eteindre coupe | 禁用 停用 关闭 关掉 | 비활성화 꺼
close u: close resolve finish complete | ferme fermer fermez cloture cloturer termine terminer resous | 关闭 完成 结束 解决 | 닫아 완료 종료 해결
convert r: convert translate transform calculate compute | convertis convertir traduis traduire transforme calcule calculer | 转换 换算 翻译 计算 | 변환 번역 계산 환산
compare r: compare versus difference | compare comparer compares comparaison difference | 比较 对比 区别 | 비교 차이
assign u: assign attribute allocate | assigne assigner attribue attribuer affecte | 分配 指派 | 배정 할당
share x: share invite | partage partager partagez invite inviter | 分享 邀请 共享 | 공유 초대
confirm x: confirm approve accept | confirme confirmer approuve approuver accepte | 确认 批准 接受 同意 | 승인 수락
"""
